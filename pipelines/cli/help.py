"""Docstrings as help: paragraphs fill the terminal, and no example is broken by one of 80 columns."""

import inspect
import shlex

import typer

EXAMPLES = "\b\n"
"""How a paragraph begins whose lines stay as they are."""
WIDTH = 78
"""Of 80 columns, those that the frame leaves."""
INDENT = "      "
"""Before what continues an example."""


def set_help(app: typer.Typer) -> None:
    """Give each command of a program, and of its groups, its docstring as help."""
    for command in app.registered_commands:
        command.help = as_help(inspect.getdoc(command.callback) or "")
    for group in app.registered_groups:
        if group.typer_instance is not None:
            set_help(group.typer_instance)


def as_help(docstring: str) -> str:
    """The same words: a paragraph is one line, which the terminal breaks; a long example goes on in a line below."""
    return "\n\n".join(map(_paragraph, docstring.split("\n\n")))


def _paragraph(text: str) -> str:
    if not text.startswith(EXAMPLES):
        return text.replace("\n", " ")
    lines = text.removeprefix(EXAMPLES).replace("\\\n", "\0").split("\n")
    return EXAMPLES + "\n".join(line if len(line) <= WIDTH and "\0" not in line else _folded(line) for line in lines)


def _folded(line: str) -> str:
    """A command on several lines, none of them too long, and no option apart from its value."""
    start = line[: len(line) - len(line.lstrip())]
    lines = [start]
    for part in _parts(line.replace("\0", " ")):
        longer = f"{lines[-1]} {part}" if lines[-1].strip() else lines[-1] + part
        if len(longer) <= WIDTH - len(" \\"):
            lines[-1] = longer
        else:
            lines.append(start + INDENT + part)
    return " \\\n".join(lines)


def _parts(command: str) -> list[str]:
    """The words of a command, each option with its value."""
    parts: list[str] = []
    for word in shlex.split(command, posix=False):
        if parts and parts[-1].startswith("-") and " " not in parts[-1] and not word.startswith("-"):
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts
