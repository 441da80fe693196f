"""spaCy's English rules of splitting, kept in a file: importing spaCy to ask for them takes two seconds.

python -m filters.lexing.english_rules      writes the file anew from the spaCy that is installed
"""

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

FILE = files("filters.lists") / "spacy_english" / "rules.json"


@dataclass(frozen=True)
class EnglishRules:
    """What ``spacy.blank("en").tokenizer`` goes by."""

    prefix: re.Pattern[str]
    suffix: re.Pattern[str]
    infix: re.Pattern[str]
    url: re.Pattern[str]
    special: dict[str, list[str]]
    """The words of chunks that no expression tells."""


def read_rules() -> EnglishRules:
    """The rules in the file."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    expressions = {name: re.compile(kept[name]) for name in ("prefix", "suffix", "infix", "url")}
    return EnglishRules(**expressions, special=kept["special"])


def rules_of_spacy() -> dict[str, object]:
    """The same from the spaCy that is installed, as the file has them."""
    # The point of the file is not to import these.
    from spacy.about import __version__  # noqa: PLC0415
    from spacy.symbols import ORTH  # noqa: PLC0415

    from filters.lexing.spacy_words import SpacySplitter  # noqa: PLC0415

    tokenizer = SpacySplitter("en").tokenizer
    searches = {
        "prefix": tokenizer.prefix_search,
        "suffix": tokenizer.suffix_search,
        "infix": tokenizer.infix_finditer,
        "url": tokenizer.url_match,
    }
    return {
        "source": f"spaCy {__version__}, https://github.com/explosion/spaCy",
        **{name: search.__self__.pattern for name, search in searches.items()},
        "special": {text: [part[ORTH] for part in parts] for text, parts in sorted(tokenizer.rules.items())},
    }


if __name__ == "__main__":
    Path(str(FILE)).write_text(json.dumps(rules_of_spacy(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
