"""The words of a block as inline Markdown (https://spec.commonmark.org/0.31.2/), with as few escapes as are needed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

ESCAPED = re.compile(
    r"\\(?=[!-/:-@\[-`{-~\n]|$)"  # it would escape what follows
    r"|`|(?<!\s)\*|\*(?!\s)"
    r"|(?<![^\W_])_(?!\s)|(?<!\s)_(?![^\W_])"  # not within a word, nor alone
    r"|\](?=[(\[])|<(?=[a-zA-Z/!?]|$)|&(?=#?\w{1,31};)|~(?=~)|(?<=~)~"
)
SPECIAL = re.compile(r"[\\`*_\]<&~]")
MARKUP = re.compile(r"[\\`*_\]<&~\n]|^\s*[\d#+\->=|:\[]")
"""What may need an escape or a break: most blocks have nothing of it."""
AT_START = re.compile(
    r"^(\s*)(?:(\d{1,9})(?=[.)](?:\s|$))|(?=#{1,6}(?:\s|$)|[-+*](?:\s|$)|>|~~~|\[[^\]]*\]:|\|?\s*:?-+[-:|\s]*$|=+\s*$|[*_][*_\s]*$))",
    re.MULTILINE,
)
"""Where a line would begin a list, heading, quote, fence, definition, rule or table."""
BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
"""What would begin or end the text of a link, unless it is escaped already."""
UNUSUAL = re.compile(r"[()\s\x00-\x1f\x7f]")
"""What may only stand in the target of a link that stands in angle brackets."""
BREAK = "  \n"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a block's text with what it stands in."""

    text: str
    code: bool = False
    strong: bool = False
    emphasis: bool = False
    link: str = ""
    """The target, empty outside of links."""


def to_inline(runs: Sequence[Run]) -> str:
    """Runs as Markdown on one or more lines; line feeds in their texts become hard breaks."""
    if len(runs) == 1 and not MARKUP.search(runs[0].text) and runs[0] == Run(runs[0].text):
        return runs[0].text.strip()
    text = "".join(map(_marked, _merged(runs) if len(runs) > 1 else runs))
    lines = text.strip().split("\n")
    return BREAK.join(escape_start(" ".join(line.split())) for line in lines if line.strip())


def _merged(runs: Sequence[Run]) -> list[Run]:
    """Neighbours that stand in the same as one: marks between them would be doubled."""
    merged: list[Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if last and (last.code, last.strong, last.emphasis, last.link) == (
            run.code, run.strong, run.emphasis, run.link,
        ):  # fmt: skip
            merged[-1] = Run(last.text + run.text, run.code, run.strong, run.emphasis, run.link)
        else:
            merged.append(run)
    return merged


def _marked(run: Run) -> str:
    if not (run.code or run.strong or run.emphasis or run.link):
        return escape(run.text)
    text = run.text.strip()
    if not text:
        return run.text
    marked = code_span(text) if run.code and "\n" not in text else escape(text)
    if run.strong or run.emphasis:
        mark = "*" * (2 * run.strong + run.emphasis)
        if text[0].isalnum() and text[-1].isalnum() and "\n" not in text:  # else the mark may not open or close
            marked = f"{mark}{marked}{mark}"
    if run.link:
        target = run.link.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E")
        target = f"<{target}>" if UNUSUAL.search(target) else target
        if not run.code:
            marked = BRACKET.sub(_escaped_once, marked)
        marked = f"[{marked}]({' '.join(target.split())})"
    start = len(run.text) - len(run.text.lstrip())
    return f"{run.text[:start]}{marked}{run.text[start + len(text) :]}"


def _escaped_once(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("\\") else "\\" + found[0]


def escape(text: str) -> str:
    """A text in which no character makes inline markup."""
    if not SPECIAL.search(text):
        return text
    return ESCAPED.sub(lambda found: "\\" + found[0], text)


def escape_start(line: str) -> str:
    """A line whose beginning makes no block."""
    found = AT_START.match(line)
    if not found:
        return line
    if found[2]:
        return f"{found[1]}{found[2]}\\{line[found.end() :]}"
    return f"{found[1]}\\{line[found.end() :]}"


def code_span(text: str) -> str:
    """Code between backticks: more of them than are in it."""
    text = " ".join(text.split())
    longest = max(map(len, re.findall("`+", text)), default=0)
    marks = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{space}{text}{space}{marks}"
