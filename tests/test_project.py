"""The project itself: what may import what, what is locked, what is in the wheel, what a file may be."""

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
USE_EXTRAS = (
    ROOT / "datagen",
    ROOT / "pipelines" / "tokenize" / "libraries",
    ROOT / "pipelines" / "export",
    ROOT / "pipelines" / "extract" / "train",
)
"""Where optional packages are imported, when they are asked for."""
MAY_IMPORT = {
    "schemas": {"schemas"},
    "filters": {"schemas", "filters"},
    "pipelines": {"schemas", "filters", "pipelines"},
    "datagen": {"schemas", "filters", "pipelines", "datagen"},
}
"""Arrows go one way only; the command line alone sees everything."""

SOURCES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_packages(path: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    assert not [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level], f"{path}: relative import"
    return {name.split(".")[0] for name in plain | {str(n.module) for n in nodes if isinstance(n, ast.ImportFrom)}}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_every_module_imports(package):
    modules = [module_name(path) for path in SOURCES if path.relative_to(ROOT).parts[0] == package]
    for module in modules:
        assert importlib.import_module(module).__doc__, f"{module} does not say what it is for"


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_arrows_go_one_way(package):
    wrong = {
        str(path.relative_to(ROOT)): forbidden
        for path in (ROOT / package).rglob("*.py")
        if path.parent != ROOT / "pipelines" / "cli"
        and (forbidden := (imported_packages(path) & set(MAY_IMPORT)) - MAY_IMPORT[package])
    }
    assert not wrong


def test_what_is_imported_is_declared():
    ours = {*MAY_IMPORT, "recipes"}
    declared = names(PROJECT["dependencies"])
    extras = names([text for part in PROJECT["optional-dependencies"].values() for text in part])
    distributions = packages_distributions()
    for path in SOURCES:
        for package in imported_packages(path) - ours - sys.stdlib_module_names:
            found = {canonicalize_name(name) for name in distributions.get(package, [package])}
            allowed = declared | extras if any(map(path.is_relative_to, USE_EXTRAS)) else declared
            assert found & allowed, f"{path.relative_to(ROOT)} imports {package}, which pyproject.toml does not declare"


def test_every_package_is_type_checked_and_shipped():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    packages = {path.relative_to(ROOT).parts[0] for path in SOURCES}
    assert packages <= set(tools["pyright"]["include"])
    assert packages <= set(tools["hatch"]["build"]["targets"]["wheel"]["packages"])


def test_no_file_is_long():
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in (*MAY_IMPORT, "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_the_command_line_starts_light():
    heavy = {"apache_beam", "numba", "pyarrow", "numpy", "spacy", "trafilatura", "fasttext", "pydantic"}
    code = "import json, sys, pipelines.cli; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)))
    assert "pipelines.cli" in loaded
    assert not heavy & loaded


def test_help_lists_the_commands():
    code = "from pipelines.cli import main; main()"
    text = subprocess.check_output([sys.executable, "-c", code, "--help"], cwd=ROOT, text=True)
    for command in ("run", "plan", "demo", "validate", "schema", "rules", "train"):
        assert re.search(rf"│ {command} ", text)


def test_the_lock_names_no_index_and_no_machine():
    lines = [line for line in LOCK.splitlines() if not line.startswith("    --hash=sha256:")]
    for line in lines:
        assert not re.search(r"://|--(extra-)?index|--find-links|--trusted|file:|\s/", line), line


def test_the_lock_pins_and_hashes_everything_that_is_declared():
    entries = re.findall(
        r"^(\S+)==(\S+)(?: ; [^\\\n]+)? \\\n((?: {4}--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", LOCK, re.M
    )
    assert len(entries) == len(re.findall(r"^[a-z0-9]", LOCK, re.M))
    versions: dict[str, set[str]] = {}
    for name, version, _ in entries:
        versions.setdefault(name, set()).add(version)
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, wanted):
        found = versions.get(canonicalize_name(requirement.name), set())
        assert found, f"{requirement} is not locked: make lock"
        assert all(version in requirement.specifier for version in found), f"{requirement}: locked {found}: make lock"


def test_the_lock_is_free_of_what_must_not_be_installed():
    locked = dict(re.findall(r"^(\S+)==\S+(?: ; ([^\\\n]+))? \\$", LOCK, re.M))
    assert not {"torch", "vllm", "tensorflow"} & set(locked)
    for name in ("fasttext-predict", "robust-downloader", "llama-cpp-python", "llm"):
        assert locked.get(name, "sys_platform == 'never'") == "sys_platform == 'never'"


def test_the_wheel_holds_recipes_and_lists_and_no_tests(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    data = {"recipes/web-en.yaml", "filters/lists/ldnoobw/en.txt", "pipelines/demo/documentation.yaml"}
    data |= {"pipelines/extract/model/shipped/blocks.npz"}
    assert data <= held
    assert any(name.endswith("licenses/LICENSE") for name in held)
    about = f"orchard-{PROJECT['version']}.dist-info"
    assert {name.split("/")[0] for name in held} <= {*MAY_IMPORT, "recipes", about}


@pytest.fixture
def checkout(tmp_path):
    """What `make setup` needs, without an environment."""
    (tmp_path / "tools").mkdir()
    for name in ("tools/setup.sh", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def setup_with(checkout: Path, python: Path | str) -> subprocess.CompletedProcess[str]:
    command = ["sh", "tools/setup.sh"]
    return subprocess.run(
        command, cwd=checkout, env={"PATH": "/usr/bin:/bin", "PYTHON": str(python)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_setup_says_what_to_do_without_a_python(checkout):
    ended = setup_with(checkout, checkout / "python3.9")
    assert ended.returncode == 1
    assert "no Python 3.11, 3.12 or 3.13 found" in ended.stderr
    assert not (checkout / ".venv").exists()


def test_setup_says_what_to_do_without_ensurepip(checkout):
    python = checkout / "debian-python"
    python.write_text(f'#!/bin/sh\ncase "$1" in -m) mkdir -p .venv; exit 1;; *) exec {sys.executable} "$@";; esac\n')
    python.chmod(0o755)
    ended = setup_with(checkout, python)
    assert ended.returncode == 1
    assert "apt install python3-venv" in ended.stderr
    assert not (checkout / ".venv").exists()


def test_setup_does_nothing_when_it_is_done(checkout):
    bin_folder = checkout / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").write_text(
        f'#!/bin/sh\ncase "$1" in -m) echo "$@" >> installed; exit 0;; *) exec {sys.executable} "$@";; esac\n'
    )
    (bin_folder / "python").chmod(0o755)
    first = setup_with(checkout, sys.executable)
    installed = (checkout / "installed").read_text()
    assert "--require-hashes -r requirements.lock" in installed
    assert first.returncode == 0, first.stderr
    assert "up to date" in setup_with(checkout, sys.executable).stdout
    assert (checkout / "installed").read_text() == installed
    (checkout / "requirements.lock").write_text("changed")
    assert "has changed" in setup_with(checkout, sys.executable).stdout
    assert len((checkout / "installed").read_text()) == 2 * len(installed)
