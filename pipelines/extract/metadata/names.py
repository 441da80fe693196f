"""Names that HTML's authors give what a page says of itself: of ``<meta>``, in lower case, the surest first."""

AUTHOR_NAMES = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl")
PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "dc.date.issued", "dcterms.issued", "pubdate",
    "publish-date", "publishdate", "parsely-pub-date", "sailthru.date", "dcterms.created", "dc.date.created",
    "citation_publication_date", "citation_date", "date", "dc.date", "dcterms.date", "article.published",
)  # fmt: skip
MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified")
OTHER_NAMES = ("og:title", "og:site_name", "application-name", "og:url", "content-language")
META_NAMES = (*AUTHOR_NAMES, *PUBLISHED, *MODIFIED, *OTHER_NAMES)
