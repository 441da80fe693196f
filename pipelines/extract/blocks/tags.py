"""What the tokenizer knows of HTML's tags: their numbers, how they nest, what they say of the text in them.

Source: https://html.spec.whatwg.org/multipage/parsing.html, section 13.2.6 (which start tags close which elements).
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import leaf

NAMES: Final = (
    "", "a", "abbr", "address", "area", "article", "aside", "audio", "b", "base", "blockquote", "body", "br", "button",
    "canvas", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "dialog", "dir",
    "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset",
    "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img", "input", "ins",
    "kbd", "label", "legend", "li", "link", "main", "map", "mark", "math", "menu", "meta", "nav", "noembed", "noframes",
    "noscript", "object", "ol", "optgroup", "option", "p", "param", "picture", "plaintext", "pre", "q", "rp", "rt",
    "ruby", "s", "samp", "script", "search", "section", "select", "small", "source", "span", "strike", "strong",
    "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead",
    "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp", "center", "marquee", "listing",
)  # fmt: skip
"""A tag's number is its place here; 0 is any other tag."""

TAG: Final = {name: number for number, name in reversed(tuple(enumerate(NAMES))) if name}
"""The number of each tag."""

BLOCK, VOID, RAW, UNSEEN, SCOPE, HEAD, CLOSES_P, TABLE_PART = (1 << bit for bit in range(8))
"""Facts of a tag: begins and ends paragraphs; has no content; its content is no markup; its content is no text; an end
tag does not reach beyond it; may stand in ``<head>``; closes an open ``<p>``; belongs to a table."""

(
    LINK, PREFORMATTED, HIDDEN, NOSCRIPT, NAVIGATION, HEADER, FOOTER, ASIDE, FORM, TABLE, LIST, HEADING, FIGURE,
    ARTICLE, MAIN, QUOTE, CODE, BUTTON, EMPHASIS, IGNORED, SPACE, DEFINITION, TIME, SECTION,
) = (1 << bit for bit in range(24))  # fmt: skip
"""What a token stands in (``state``). HIDDEN: by attribute or style. IGNORED: title, select, svg, text fields.
SPACE, of texts only: white space before it was left out."""

BLOCK_TAGS = (
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li listing main "
    "marquee menu nav noscript ol optgroup option p pre search section select summary table tbody td template "
    "textarea tfoot th thead title tr ul video xmp"
)
VOID_TAGS = "area base br col embed frame hr img input link meta param source track wbr"
RAW_TAGS = "iframe noembed noframes plaintext script style textarea title xmp"
UNSEEN_TAGS = "iframe noembed noframes script style"
SCOPE_TAGS = "table td th caption template object marquee"
CLOSES_P_TAGS = (
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp"
)
TABLE_TAGS = "table caption colgroup col tbody thead tfoot tr td th"
HEAD_TAGS = "base link meta noscript script style template title"
STATES = {
    LINK: "a", PREFORMATTED: "pre listing xmp plaintext", NOSCRIPT: "noscript", NAVIGATION: "nav", HEADER: "header",
    FOOTER: "footer", ASIDE: "aside", FORM: "form", TABLE: "table", LIST: "ul ol menu dir",
    HEADING: "h1 h2 h3 h4 h5 h6", FIGURE: "figure picture", ARTICLE: "article", MAIN: "main", QUOTE: "blockquote q",
    CODE: "code kbd samp tt var", BUTTON: "button label fieldset", EMPHASIS: "b strong i em u mark",
    IGNORED: "title select svg textarea audio video canvas object template datalist rp", DEFINITION: "dl",
    TIME: "time", SECTION: "section",
}  # fmt: skip

ROWS = "tr td th caption colgroup"
SECTIONS = f"tbody thead tfoot {ROWS}"
CLOSED_BY: Final = {
    "li": ("li", "ul ol menu dir"), "dd": ("dd dt", "dl"), "dt": ("dd dt", "dl"),
    "td": ("td th", "tr table"), "th": ("td th", "tr table"), "tr": (ROWS, "table"),
    "tbody": (SECTIONS, "table"), "thead": (SECTIONS, "table"), "tfoot": (SECTIONS, "table"),
    "option": ("option", "select"), "optgroup": ("optgroup option", "select"),
    "a": ("a", BLOCK_TAGS), "button": ("button", ""), "body": ("head", ""),
}  # fmt: skip
"""A start tag, the open elements it closes, and the elements beyond which it does not look, as it does not beyond those
of SCOPE. The outermost of several is closed, and with it all in it."""


def _set(names: str) -> npt.NDArray[np.bool_]:
    chosen = np.zeros(len(NAMES), np.bool_)
    chosen[[TAG[name] for name in names.split() if name in TAG]] = True
    return chosen


def _facts() -> npt.NDArray[np.uint8]:
    facts = np.zeros(len(NAMES), np.uint8)
    for fact, names in (
        (BLOCK, BLOCK_TAGS), (VOID, VOID_TAGS), (RAW, RAW_TAGS), (UNSEEN, UNSEEN_TAGS), (SCOPE, SCOPE_TAGS),
        (HEAD, HEAD_TAGS), (CLOSES_P, CLOSES_P_TAGS), (TABLE_PART, TABLE_TAGS),
    ):  # fmt: skip
        facts[_set(names)] |= fact
    return facts


def _states() -> npt.NDArray[np.int32]:
    states = np.zeros(len(NAMES), np.int32)
    for state, names in STATES.items():
        states[_set(names)] |= state
    return states


def _closers() -> npt.NDArray[np.uint8]:
    """uint8[tags, tags]: 1 where the start tag (row) closes the open element (column), 2 where it looks no further."""
    closes = np.zeros((len(NAMES), len(NAMES)), np.uint8)
    for name, (closed, stops) in CLOSED_BY.items():
        closes[TAG[name], _set(f"{SCOPE_TAGS} {stops}")] = 2
        closes[TAG[name], _set(closed)] = 1
    return closes


FACTS: Final = _facts()
STATE: Final = _states()
CLOSERS: Final = _closers()
HAS_CLOSERS: Final[npt.NDArray[np.bool_]] = np.asarray(CLOSERS.any(axis=1))

SLOTS: Final = 1024
"""Of the table that finds a tag's number by its name's hash."""
PRIME: Final = 0x100000001B3
OFFSET: Final = 0xCBF29CE484222325


def name_hash(name: bytes) -> int:
    """FNV-1a of a name, as the tokenizer computes it."""
    value = OFFSET
    for byte in name:
        value = ((value ^ byte) * PRIME) & 0xFFFFFFFFFFFFFFFF
    return value


def _table() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]:
    keys, numbers = np.zeros(SLOTS, np.uint64), np.zeros(SLOTS, np.uint8)
    for name, number in TAG.items():
        slot = name_hash(name.encode()) % SLOTS
        while keys[slot]:
            slot = (slot + 1) % SLOTS
        keys[slot], numbers[slot] = name_hash(name.encode()), number
    return keys, numbers


KEYS, NUMBERS = _table()


@leaf
def tag_number(value: int | np.integer) -> np.int64:
    """The number of the tag whose name has this hash (uint64); 0 if there is none."""
    slot = value & uint64(SLOTS - 1)
    while KEYS[slot] != uint64(0):
        if KEYS[slot] == value:
            return np.int64(NUMBERS[slot])
        slot = (slot + uint64(1)) & uint64(SLOTS - 1)
    return np.int64(0)
