"""Which modules have their documentation rendered."""

import importlib.util
import pkgutil
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import packages_distributions, version
from pathlib import Path

PACKAGES = (
    "click",
    "courlan",
    "datasketch",
    "dateutil",
    "fsspec",
    "jinja2",
    "justext",
    "lxml",
    "numpy",
    "packaging",
    "pyarrow",
    "pydantic",
    "requests",
    "rich",
    "scipy",
    "tldextract",
    "trafilatura",
    "typer",
    "urllib3",
    "warcio",
    "yaml",
)
"""Import names of packages that Orchard itself needs, so that every machine has them."""

EXCLUDED = frozenset(
    {"__main__", "conftest", "test", "testing", "tests"}  # no documentation
    | {
        "antigravity",
        "ensurepip",
        "idlelib",
        "lib2to3",
        "this",
        "tkinter",
        "turtle",
        "turtledemo",
    }  # act, need a display
    | {"f2py"}  # its documentation shows the time of day
)
"""Names of modules, at any depth, that are left out."""


@dataclass(frozen=True)
class Site:
    """Modules that are documented together, as one web site."""

    host: str
    version: str
    modules: tuple[str, ...]


def installed_sites() -> list[Site]:
    """The standard library and every installed package of ``PACKAGES``; none of their code is run for it."""
    standard = sorted(name for name in sys.stdlib_module_names if _is_public(name))
    pages = tuple(name for root in standard for name in _modules(root))
    distributions = packages_distributions()
    return [
        Site("python.example.org", platform.python_version(), pages),
        *(
            Site(f"{package}.example.org", version(distributions[package][0]), tuple(_modules(package)))
            for package in PACKAGES
            if package in distributions
        ),
    ]


def _modules(root: str) -> Iterator[str]:
    """A top-level module and the public ones under it, by name; nothing if this platform lacks it."""
    spec = importlib.util.find_spec(root)
    if spec is None:
        return
    yield root
    yield from _below(root, spec.submodule_search_locations or ())


def _below(package: str, folders: Sequence[str]) -> Iterator[str]:
    for module in sorted(pkgutil.iter_modules(folders), key=lambda module: module.name):
        if not _is_public(module.name):
            continue
        name = f"{package}.{module.name}"
        yield name
        if module.ispkg:
            yield from _below(name, [str(Path(folder, module.name)) for folder in folders])


def _is_public(name: str) -> bool:
    return not name.startswith("_") and name not in EXCLUDED
