"""Renders pages in child processes, so that no module's code runs in ours."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipelines.demo import pydoc_pages
from pipelines.demo.modules import Site

MODULES_A_PROCESS = 100
SECONDS_A_PROCESS = 60
"""A whole process's limit: it counts where a module blocks the one of its own."""

_ENVIRONMENT = {"HOME": "/nonexistent", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "0", "TZ": "UTC"}
"""The same everywhere: pages show environment variables and the order of sets."""


def render_sites(sites: Sequence[Site], folder: Path, workers: int) -> None:
    """Render every module of the sites as ``<module>.html`` or ``<module>.error`` (one line, why) in ``folder``.

    Modules of one site share processes in a fixed way: what a page links to depends on what was imported before.
    """
    parts = [
        site.modules[start : start + MODULES_A_PROCESS]
        for site in sites
        for start in range(0, len(site.modules), MODULES_A_PROCESS)
    ]
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(lambda modules: _render(modules, folder.resolve()), parts):
            pass


def _render(modules: Sequence[str], folder: Path) -> None:
    """Render modules one after the other; one that ends the process or blocks it is left out, the rest goes on."""
    while modules:
        reason = _run(modules, folder)
        missing = [position for position, module in enumerate(modules) if not _is_done(module, folder)]
        if not missing:
            return
        culprit, modules = modules[missing[0]], modules[missing[0] + 1 :]
        (folder / f"{culprit}.error").write_text(reason)


def _run(modules: Sequence[str], folder: Path) -> str:
    """One child process; returns how it ended."""
    command = [sys.executable, "-P", pydoc_pages.__file__, str(folder), *modules]
    try:
        ended = subprocess.run(
            command,
            cwd=folder,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_A_PROCESS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"TimeoutExpired: blocked the process for {SECONDS_A_PROCESS} s"
    return f"ProcessEnded: exit status {ended.returncode}"


def _is_done(module: str, folder: Path) -> bool:
    return any((folder / f"{module}{ending}").exists() for ending in (".html", ".error"))
