"""The regular expressions that well-known tokenizers split texts by, and what is proven of each."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Pattern(NamedTuple):
    """What a match of an expression can be. A match of letters is maybe led by a space, one of marks too."""

    marks_lead: bool = True
    """Whether a mark may lead letters, and line ends follow marks; if not, a match holds one kind of characters."""
    cased: bool = False
    """Whether a match ends where a capital follows a small letter."""
    digits: int = 3
    """Most digits of a match."""
    spaced_digits: bool = False
    """Whether a space leads digits too."""


_GPT_2: Final = Pattern(marks_lead=False, digits=1 << 30, spaced_digits=True)

BYTE_LEVEL: Final = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""What the pretokenizer ``ByteLevel`` of Hugging Face splits by: GPT-2's own expression."""

_O200K_WORDS = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
)
_CL100K_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"

PATTERNS: Final[Mapping[str, Pattern]] = {
    BYTE_LEVEL: _GPT_2,
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+": _GPT_2,
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s": _GPT_2,
    # GPT-3.5 and 4 (cl100k_base) in the two ways that tiktoken has written it, Llama 3, Qwen 2
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|"
    r"\s*[\r\n]|\s+(?!\S)|\s": Pattern(),
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+":
        Pattern(),
    _CL100K_WORDS + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+": Pattern(),
    _CL100K_WORDS + r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+": Pattern(digits=1),
    # GPT-4o (o200k_base)
    _O200K_WORDS + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+": Pattern(cased=True),
}  # fmt: skip
"""Expressions that the rules of `boundaries` and `words` are proven for."""
