"""Telephone numbers, by libphonenumber."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import phonenumbers
from phonenumbers import Leniency, PhoneMetadata, PhoneNumberMatcher

from filters.errors import SettingError
from filters.pii.finders import Finder, Span, matches, url_around
from filters.pii.windows import Window

NUMBER = re.compile(r"[+＋(（]{0,2}\d(?:[ \u00a0\-\u2010-\u2015./()（）~\[\]]{0,4}\d){6,}")
# Dates, and decimals in one piece.
NO_PHONE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](?:19|20)\d\d)(?!\d)|^\d+\.\d+$"
)
INTRODUCED = re.compile(
    r"(?:\b(?:tel|tele|telephone|phone|ph|call|calls|calling|called|cell|cellphone|mobile|mob|fax|text|txt|sms|dial|"
    r"whatsapp|hotline|helpline|landline|pager|ring|contact|telefon|telefono|teléfono|telefone|téléphone|tél|móvil|"
    r"movil|celular|handy|rufnummer|fon|numer|тел|телефон)\b|电话|電話|手机|手機|전화|☎|📞|📱)[^\d\n]{0,20}$",
    re.IGNORECASE,
)
OTHER_BEFORE = re.compile(r"(?:[$€£¥=_/\\\d]|\d[.,:]|\bISBN[-: 0-9]*)$", re.IGNORECASE)
OTHER_AFTER = re.compile(r"[/_=]\w|[.,]\d|%")
# Digits with only spaces between them may be a row of numbers, an amount or a reference.
NUMBER_BEFORE = re.compile(r"(?:[$€£¥\d][.,:]?|\b(?:no|nr|id|ref|order|item|sku|part)\.?[ :#]{1,2})\s?$", re.IGNORECASE)
NUMBER_AFTER = re.compile(r"\s{1,3}\d{2,}|\s?(?:kg|km|ml|USD|EUR)\b")
BEFORE = 3
"""Characters before the first digit that belong to a number: ``(+``."""
AFTER = 16
"""Characters after the last digit that may: `` ext. 4567``."""


def phone_finder(regions: Sequence[str]) -> Finder:
    """A finder of numbers that are valid in ``regions``, or anywhere if written with ``+``.

    Raises ``SettingError`` for a region that libphonenumber does not know.
    """
    for region in regions:
        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise SettingError(f"phone region {region!r} is unknown: use ISO 3166 codes such as US, GB, DE")
    shortest = min((_shortest(region) for region in regions), default=99)

    def find_phones(window: Window) -> Iterator[Span]:
        for piece in matches(NUMBER, window, BEFORE):
            if "+" not in piece[0] and (sum(map(str.isdigit, piece[0])) < shortest or NO_PHONE.search(piece[0])):
                continue
            begin = max(0, piece.start() - 1)
            candidate = window.text[begin : piece.end() + AFTER]
            for region in regions or ("ZZ",):
                for match in PhoneNumberMatcher(candidate, region, leniency=Leniency.STRICT_GROUPING):
                    start, end = begin + match.start, begin + match.end
                    if candidate[match.start] in "([（" and not set(")]）") & set(match.raw_string):
                        start += 1
                    if _is_phone(window.text, start, end, region):
                        yield start, end

    return find_phones


def _is_phone(text: str, start: int, end: int, region: str) -> bool:
    """Whether a number that could be dialled is meant as one: by how it is written or introduced."""
    written, before = text[start:end], text[max(0, start - 40) : start]
    if written.startswith("+") or INTRODUCED.search(before):
        return True
    if url_around(text, start) or OTHER_BEFORE.search(before) or OTHER_AFTER.match(text, end):
        return False
    if any(mark in written for mark in "-./()\u2010\u2011\u2013"):
        return True
    if NUMBER_BEFORE.search(before) or NUMBER_AFTER.match(text, end):
        return False
    # Digits in one piece are more often an order number; only a trunk prefix makes them look like a telephone's.
    return " " in written or "\u00a0" in written or (written[0] == "0" and _trunk_prefix(region) == "0")


@cache
def _shortest(region: str) -> int:
    """The fewest digits of a fixed or mobile number in a region."""
    metadata = PhoneMetadata.metadata_for_region(region)
    kinds = (metadata.fixed_line, metadata.mobile) if metadata else ()
    return min((length for kind in kinds if kind for length in kind.possible_length), default=0)


@cache
def _trunk_prefix(region: str) -> str | None:
    metadata = PhoneMetadata.metadata_for_region(region)
    return metadata.national_prefix if metadata else None
