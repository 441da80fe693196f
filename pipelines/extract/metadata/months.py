"""Names of months in all languages of the Unicode CLDR, kept in a file: asking Babel takes 7 ms a language.

python -m pipelines.extract.metadata.months      writes the file anew from the Babel that is installed
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

PLACEHOLDER = re.compile(r"M\d\d")
"""What stands for a month without a name; Babel mixes them into other languages once it has read some."""
FILE = files("pipelines.extract.metadata") / "months.json"


@cache
def months() -> dict[str, dict[str, int]]:
    """For each language's code the number, 1 to 12, of each name or abbreviation of a month, in folded case."""
    return json.loads(FILE.read_text(encoding="utf-8"))["months"]


def file_of_babel() -> str:
    """The content of the file by the Babel that is installed, a language a line."""
    # The point of the file is not to import it.
    import babel.localedata  # noqa: PLC0415

    codes = sorted({code.split("_")[0] for code in babel.localedata.locale_identifiers()})
    named = {code: _names(babel.Locale(code).months) for code in codes if babel.localedata.exists(code)}
    lines = [f"{json.dumps(code)}: {json.dumps(names, ensure_ascii=False)}" for code, names in named.items() if names]
    source = json.dumps(f"CLDR, by Babel {babel.__version__}, https://babel.pocoo.org")
    return f'{{"source": {source}, "months": {{\n' + ",\n".join(lines) + "\n}}\n"


def _names(months: Mapping[str, Mapping[str, Mapping[int, str]]]) -> dict[str, int]:
    names: dict[str, int] = {}
    for context in months.values():
        for width in ("abbreviated", "wide"):
            for number, name in context.get(width, {}).items():
                if PLACEHOLDER.fullmatch(name):
                    continue
                names[name.casefold().rstrip(".")] = number
                if width == "wide":
                    names.setdefault(name.casefold()[:3], number)
    return names


if __name__ == "__main__":
    Path(str(FILE)).write_text(file_of_babel(), encoding="utf-8")
