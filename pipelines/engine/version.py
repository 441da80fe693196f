"""What code and libraries made an output."""

import platform
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import xxhash

PACKAGES = ("schemas", "filters", "pipelines", "datagen")
SUFFIXES = (".py", ".npz", ".json", ".txt", ".tab")
"""Of source files, and of the lists and models that come with them."""
LIBRARIES = ("apache-beam", "fasttext-numpy2", "numba", "numpy", "pyarrow", "resiliparse", "spacy", "trafilatura")


@lru_cache(maxsize=1)
def code_version() -> str:
    """The release and a digest of the files of the program: any change of code, list or model is another version."""
    root = Path(__file__).resolve().parents[2]
    digest = xxhash.xxh3_64()
    for package in PACKAGES:
        for path in sorted(path for path in (root / package).rglob("*") if path.suffix in SUFFIXES):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return f"{version('orchard')}+{digest.hexdigest()}"


@lru_cache(maxsize=1)
def library_versions() -> dict[str, str]:
    """Versions of the libraries that decide what comes out."""
    return {name: version(name) for name in LIBRARIES}


def environment() -> dict[str, str]:
    """Where something was made, for its manifest."""
    return {"python": platform.python_version(), "platform": platform.platform(), **library_versions()}
