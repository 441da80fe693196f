"""Rendering in child processes: whatever a module does when it is imported, the others are rendered."""

import pytest

from pipelines.demo import render
from pipelines.demo.modules import Site
from pipelines.demo.render import render_sites

FAULTS = {
    "raises": "raise ValueError('no display')",
    "leaves": "import sys; sys.exit(3)",
    "dies": "import os; os._exit(7)",
    "blocks": "import signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM]); time.sleep(600)",
    "prints": "print('hello'); '''Speaks when imported.'''",
}


@pytest.fixture
def faulty_modules(tmp_path, monkeypatch):
    """Modules with faults, between two sound ones."""
    folder = tmp_path / "modules"
    folder.mkdir()
    for name, code in FAULTS.items():
        (folder / f"demo_{name}.py").write_text(code)
    for name in ("demo_a_first", "demo_z_last"):
        (folder / f"{name}.py").write_text(f'"""The sound module {name}."""\nLIMIT = 5\nSECRET = object()\n')
    monkeypatch.setitem(render._ENVIRONMENT, "PYTHONPATH", str(folder))
    monkeypatch.setattr(render, "SECONDS_A_PROCESS", 3)
    return tuple(sorted(path.stem for path in folder.glob("*.py")))


def test_faults_cost_one_module_each(tmp_path, faulty_modules):
    out = tmp_path / "out"
    out.mkdir()
    render_sites([Site("faults.example.org", "1", faulty_modules)], out, workers=1)
    pages = {path.stem for path in out.glob("*.html")}
    assert pages == {"demo_a_first", "demo_z_last", "demo_prints"}
    reasons = {path.stem: path.read_text() for path in out.glob("*.error")}
    assert reasons == {
        "demo_raises": "ValueError: no display",
        "demo_leaves": "SystemExit: 3",
        "demo_dies": "ProcessEnded: exit status 7",
        "demo_blocks": "TimeoutExpired: blocked the process for 3 s",
    }


def test_a_page_holds_the_documentation_and_nothing_of_this_machine(tmp_path, faulty_modules):
    out = tmp_path / "out"
    out.mkdir()
    render_sites([Site("faults.example.org", "1", ("demo_a_first",))], out, workers=1)
    page = (out / "demo_a_first.html").read_text()
    assert "The sound module demo_a_first." in page
    assert "LIMIT</strong> = 5" in page
    assert "SECRET" in page
    assert "object at" not in page
    assert "file:" not in page
    assert str(tmp_path) not in page
