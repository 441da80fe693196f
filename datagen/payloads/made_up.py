"""Made-up values for personal data: the same for the same value and key, of the same form, and nobody's."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module

import xxhash

from schemas.steps.pii import Kind

DOMAINS = ("example.com", "example.org", "example.net")
"""Nobody can register these (RFC 2606)."""


@cache
def first_names(locale: str, female: bool) -> Sequence[str]:
    """First names of a Faker locale, sorted."""
    provider = import_module(f"faker.providers.person.{locale}").Provider
    return sorted(set(provider.first_names_female if female else provider.first_names_male))


@cache
def last_names(locale: str) -> Sequence[str]:
    """Last names of a Faker locale, sorted."""
    return sorted(set(import_module(f"faker.providers.person.{locale}").Provider.last_names))


def names(words: Iterable[str], locale: str, key: str) -> dict[str, str]:
    """A made-up word for each word of names, by the word in lower case; two words never become one.

    First names become first names (of the same sex, where the list knows), others last names.
    """
    made: dict[str, str] = {}
    for word in sorted({word.lower() for word in words}):
        is_female, is_male = word.title() in _known(True), word.title() in _known(False)
        candidates = first_names(locale, is_female) if is_female or is_male else last_names(locale)
        start = _number(word, key)
        turned = (candidates[(start + step) % len(candidates)] for step in range(len(candidates)))
        taken = {*made.values()}
        made[word] = next(c for c in turned if c.isalpha() and c.lower() != word and c not in taken)
    return made


def value(kind: Kind, written: str, key: str) -> str:
    """A made-up value of a kind, in the form of what was written."""
    number = _number(written.lower(), key)
    match kind:
        case "email":
            first = first_names("en_US", bool(number % 2))
            last = last_names("en_US")
            local = f"{first[number // 2 % len(first)]}.{last[number // 977 % len(last)]}".lower()
            return f"{re.sub(r'[^a-z.]', '', local)}{number % 90 + 10}@{DOMAINS[number % len(DOMAINS)]}"
        case "ip":
            return f"2001:db8::{number % 65536:x}" if ":" in written else f"192.0.2.{number % 254 + 1}"
        case "phone":
            return _phone(written, number)
    return _digits(written, number)


def _phone(written: str, number: int) -> str:
    """The same form; the last seven digits are 555-01xx, which nobody has in North America."""
    digits = [c for c in _digits(written, number) if c.isdigit()]
    if len(digits) >= 7:
        digits[-7:] = list(f"55501{number % 100:02d}")
    following = iter(digits)
    return "".join(next(following) if c.isdigit() else c for c in written)


def _digits(written: str, number: int) -> str:
    """The same form with other digits; letters stay (a country code, a check letter)."""
    made, state = [], number
    for character in written:
        # A step of a linear congruential generator (Knuth's MMIX) shifts each digit by 1 to 9.
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        made.append(str((int(character) + 1 + (state >> 33) % 9) % 10) if character.isdecimal() else character)
    return "".join(made)


def _number(value: str, key: str) -> int:
    return xxhash.xxh3_64_intdigest(f"{key}\0{value}".encode())


@cache
def _known(female: bool) -> frozenset[str]:
    return frozenset(first_names("en_US", female))
