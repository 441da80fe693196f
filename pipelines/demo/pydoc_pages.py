"""Renders the documentation of modules, one HTML file each. A program of its own: what it imports may do anything.

    python -P pydoc_pages.py FOLDER MODULE...

Writes ``FOLDER/<module>.html``, or ``FOLDER/<module>.error`` with one line for a module that cannot be imported or
takes too long.
"""

import importlib
import pydoc
import re
import signal
import sys
import warnings
from pathlib import Path

SECONDS_A_MODULE = 10

_ADDRESS = re.compile(r"\bat(&nbsp;| )0x[0-9a-fA-F]+")
_FILE_LINK = re.compile(r'<a href="file:[^"]*">([^<]*)</a>')


class PortableDocumentation(pydoc.HTMLDoc):
    """pydoc's pages without what differs between two runs or machines: addresses, folders, values of most data."""

    def preformat(self, text: str) -> str:
        """Text of a docstring as paragraphs. (pydoc's own turns every space into one that never breaks a line.)"""
        return self.escape(text).replace("\n\n", "\n<p>")

    def docother(self, object: object, name: str | None = None, mod: str | None = None, *_: object) -> str:
        """A data member: with its value if that is a number or plain text, else by its name."""
        if isinstance(object, int | float) or (isinstance(object, str) and "/" not in object):
            return super().docother(object, name, mod)
        return f"<strong>{name}</strong>" if name else ""

    def module_page(self, module: str) -> str:
        """The whole page of a module, which is imported for it."""
        documented = importlib.import_module(module)
        page = self.page(pydoc.describe(documented), self.document(documented, module))
        page = _ADDRESS.sub(r"at\g<1>0x0", _FILE_LINK.sub(r"\1", page))
        for folder in _folders_of_python():
            page = page.replace(folder, "/python")
        return page


def _folders_of_python() -> list[str]:
    """Where this machine keeps modules, longest first."""
    folders = {*sys.path, sys.prefix, sys.base_prefix, sys.exec_prefix}
    return sorted((folder for folder in folders if len(folder) > 1), key=len, reverse=True)


def _take_too_long(signum: int, frame: object) -> None:
    raise TimeoutError(f"took more than {SECONDS_A_MODULE} s")


def main(folder: Path, modules: list[str]) -> None:
    """Render every module; one that fails leaves its reason."""
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _take_too_long)
    documentation = PortableDocumentation()
    for module in modules:
        signal.alarm(SECONDS_A_MODULE)
        try:
            page = documentation.module_page(module).encode(errors="surrogateescape")
        except BaseException as error:  # noqa: BLE001 (a module may even call sys.exit when it is imported)
            (folder / f"{module}.error").write_text(f"{type(error).__name__}: {error}".splitlines()[0])
        else:
            (folder / f"{module}.html").write_bytes(page)
        finally:
            signal.alarm(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
