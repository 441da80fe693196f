"""Names that HTML's authors give what a page says of itself: of ``<meta>``, in lower case, the surest first."""

AUTHOR_NAMES = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl")
CITED_AUTHOR = "citation_author"
"""One for each author, as libraries want it."""
PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "dc.date.issued", "dcterms.issued", "pubdate",
    "publish-date", "publishdate", "parsely-pub-date", "sailthru.date", "dcterms.created", "dc.date.created",
    "citation_online_date", "citation_publication_date", "citation_date", "date", "dc.date", "dcterms.date",
    "article.published", "published", "published-date", "published_date", "publication_date", "ms.date",
)  # fmt: skip
MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "modified-date",
)
OTHER_NAMES = ("og:title", "og:site_name", "application-name", "og:url", "content-language")
META_NAMES = (*AUTHOR_NAMES, CITED_AUTHOR, *PUBLISHED, *MODIFIED, *OTHER_NAMES)
