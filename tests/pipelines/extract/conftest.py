"""Real pages, and sandboxes."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from pipelines.extract.engines.registry import MODULES
from pipelines.extract.page import Extracted, Page
from pipelines.extract.sandbox import ExtractionSandbox
from schemas.recipe.extract import ResiliparseSettings

Texts = Callable[..., list[str]]


@pytest.fixture(scope="session")
def real_pages(shared_data: Path) -> list[Page]:
    """150 real pages of many kinds and languages."""
    with (shared_data / "web" / "web-dev-001.warc.gz").open("rb") as stream:
        records = islice(ArchiveIterator(stream, record_types=WarcRecordType.response), 0, None, 5)
        return [
            Page(
                id=record.record_id,
                html=bytes_to_str(body := record.reader.read(), detect_encoding(body)),
                url=record.headers.get("WARC-Target-URI"),
                fetched=record.record_date.date() if record.record_date else None,
            )
            for record in islice(records, 150)
        ]


@pytest.fixture(scope="session")
def texts() -> Texts:
    """Extracts pages in a sandbox; gives the text of each, or the class of its failure in brackets."""

    def extract(sandbox: ExtractionSandbox, *pages: str) -> list[str]:
        outcomes = sandbox.extract_many(Page(str(number), html) for number, html in enumerate(pages))
        return [o.text if isinstance(o, Extracted) else f"[{o.error_class}]" for o in outcomes]

    return extract


@pytest.fixture(scope="module")
def faulty_engine() -> Iterator[None]:
    """Puts ``faulty_engine.py`` in the place of resiliparse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent))
        patch.setitem(MODULES, "resiliparse", "faulty_engine")
        yield


@pytest.fixture(scope="module")
def faulty(faulty_engine: None) -> Iterator[ExtractionSandbox]:
    """A sandbox around ``faulty_engine``: 0.3 s of CPU time and 256 MiB a page."""
    with ExtractionSandbox(ResiliparseSettings(time_limit_seconds=0.3, memory_limit_mb=256)) as sandbox:
        yield sandbox
