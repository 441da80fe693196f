"""The demo's input folder: made once, used again as long as it is what would be made."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import NonNegativeInt, ValidationError

from pipelines.demo.modules import Site, installed_sites
from pipelines.demo.render import render_sites
from pipelines.demo.warc import Page, write_warc
from schemas.fingerprint import fingerprint
from schemas.strict import StrictModel

SHARDS = 4
MAX_PAGE_BYTES = 1_000_000
RECORD = "input.json"


class DemoInput(StrictModel):
    """What lies in the folder, as ``input.json`` there says."""

    key: str
    """Fingerprint of what it was made from: Python, the packages' versions, the modules, the code of this folder."""
    pages: NonNegativeInt
    html_bytes: NonNegativeInt
    too_big: tuple[str, ...]
    """Modules left out because their page is over 1 MB."""
    failed: Mapping[str, str]
    """Modules left out because they could not be rendered, and why."""
    digests: Mapping[str, str]
    """Hex of SHA-256 of each WARC file, by its name."""


def existing_input(folder: Path, limit: int | None = None) -> DemoInput | None:
    """What is in ``folder``, if it is whole and what ``make_input`` would put there."""
    try:
        found = DemoInput.model_validate_json((folder / RECORD).read_bytes())
        digests = {name: _sha256(folder / name) for name in found.digests}
    except (FileNotFoundError, ValidationError):
        return None
    return found if found.key == _key(_sites(limit)) and found.digests == digests else None


def make_input(folder: Path, limit: int | None = None, workers: int = 2) -> DemoInput:
    """Render the pages and write them as WARC files to ``folder``, in place of what was there.

    At most ``limit`` modules are rendered, a mix of all sites. The same Python and packages give the same bytes.
    """
    sites = _sites(limit)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".demo-") as scratch:
        rendered, new = Path(scratch, "pages"), Path(scratch, "input")
        rendered.mkdir()
        new.mkdir()
        render_sites(sites, rendered, workers)
        made = _write(sites, rendered, new)
        (new / RECORD).write_text(made.model_dump_json(indent=2))
        if folder.exists():
            shutil.rmtree(folder)
        new.rename(folder)
    return made


def _write(sites: Sequence[Site], rendered: Path, folder: Path) -> DemoInput:
    """The pages as WARC files, dealt out so that every file holds some of each site."""
    pages: list[Page] = []
    failed: dict[str, str] = {}
    too_big: list[str] = []
    for site in sites:
        for module in site.modules:
            page = rendered / f"{module}.html"
            if not page.exists():
                failed[module] = (rendered / f"{module}.error").read_text()
            elif page.stat().st_size > MAX_PAGE_BYTES:
                too_big.append(module)
            else:
                pages.append(Page(f"https://{site.host}/{site.version}/{module}.html", page.read_bytes()))
    digests: dict[str, str] = {}
    for shard in range(SHARDS):
        name = f"documentation-{shard}.warc.gz"
        write_warc(folder / name, pages[shard::SHARDS])
        digests[name] = _sha256(folder / name)
    return DemoInput(
        key=_key(sites),
        pages=len(pages),
        html_bytes=sum(len(page.html) for page in pages),
        too_big=tuple(too_big),
        failed=failed,
        digests=digests,
    )


def _sites(limit: int | None) -> list[Site]:
    """The sites that are installed, cut down to ``limit`` modules that are chosen by the digest of their names."""
    sites = installed_sites()
    modules = sorted((module for site in sites for module in site.modules), key=fingerprint)
    chosen = set(modules[:limit])
    return [replace(site, modules=tuple(module for module in site.modules if module in chosen)) for site in sites]


def _key(sites: Sequence[Site]) -> str:
    code = [path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))]
    made_from = [text for site in sites for text in (site.host, site.version, *site.modules)]
    return fingerprint([*code, *made_from])


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
