"""Text out of HTML. One page: ``extract_text``, or ``extract_page`` with metadata, structure and confidence. Many, in a
child process that a hostile page may kill: ``sandbox.ExtractionSandbox(settings).extract_many(pages)``; ``engines/``
holds what does the work, each behind one pure function.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.extract.whole_page import ExtractedPage


def extract_text(html: bytes, url: str | None = None) -> str:
    """The main text of a page, by the engine orchard; a line a paragraph, empty where there is none."""
    return extract_page(html, url).text


def extract_page(html: bytes, url: str | None = None) -> "ExtractedPage":
    """Text, metadata, blocks and confidence of a page, by the engine orchard. The first call takes a second."""
    from pipelines.extract.whole_page import extract_page as extract  # noqa: PLC0415 (importing the package stays cheap)

    return extract(html, url)
