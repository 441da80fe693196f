"""What `--help` says can be read on a terminal of any width, and its examples can be copied."""

from collections.abc import Iterator

import pytest
import typer
from typer.testing import CliRunner

from pipelines.cli import app as program
from pipelines.cli.app import app
from pipelines.cli.help import as_help
from pipelines.engine.version import code_version

NARROW = 80


def commands(part: typer.Typer, *names: str) -> Iterator[tuple[str, ...]]:
    for command in part.registered_commands:
        yield (*names, str(command.name or getattr(command.callback, "__name__", "")))
    for group in part.registered_groups:
        if group.typer_instance is not None:
            yield from commands(group.typer_instance, *names, str(group.name))


def shown(*arguments: str) -> list[str]:
    found = CliRunner().invoke(app, [*arguments, "--help"], env={"COLUMNS": str(NARROW)})
    assert found.exit_code == 0, found.output
    return [line.rstrip() for line in found.stdout.splitlines()]


@pytest.mark.parametrize("names", commands(app), ids=" ".join)
def test_no_example_is_broken_by_a_narrow_terminal(names: tuple[str, ...]):
    lines = shown(*names)
    first = next(number for number, line in enumerate(lines) if line.strip() in {"Examples:", "Example:"})
    examples = lines[first + 1 : lines.index("", first)]
    assert examples
    assert all(line.startswith("   ") for line in examples), examples
    for before, line in zip(["", *examples], examples, strict=False):
        assert line.startswith("   orchard ") != before.endswith("\\"), examples


def test_paragraphs_fill_the_lines():
    text = "\n".join(shown("train", "classifier"))
    assert "Texts come from Parquet, JSONL or WET files (.gz, .zst), local or remote;\n quote globs. Exact" in text
    assert "duplicates are removed before the split" in text.replace("\n", "")


def test_an_interruption_says_how_to_go_on(monkeypatch, capsys):
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "app", interrupted)
    with pytest.raises(SystemExit, match="130"):
        program.main()
    assert "repeat the same command to go on" in capsys.readouterr().err


def test_a_long_example_goes_on_below_with_each_option_beside_its_value():
    example = f"orchard run web-en -i 'a b/*.gz' --set {'x' * 30}=1 --out out --runner DataflowRunner \\\n  --region=r"
    folded = as_help(f"Run.\n\n\b\nExamples:\n  orchard run\n  {example}")
    assert folded.splitlines()[4:] == [
        "  orchard run",
        f"  orchard run web-en -i 'a b/*.gz' --set {'x' * 30}=1 \\",
        "        --out out --runner DataflowRunner --region=r",
    ]


def test_the_version_is_that_of_manifests():
    found = CliRunner().invoke(app, ["--version"])
    assert (found.exit_code, found.output) == (0, f"orchard {code_version()}\n")
    assert "Commands" in CliRunner().invoke(app, []).output
