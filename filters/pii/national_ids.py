"""Identity numbers of states, told by their form and checksum (python-stdnum)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module

from stdnum.us import ssn

from filters.errors import SettingError
from filters.pii.finders import Finder, Span, matches, url_around
from filters.pii.windows import Window

SSN = re.compile(
    r"(?<![\w.\-/])(?<!\+\d )(?<!\+\d\d )(?<!\+\d{3} )"
    r"(\d{3})([\- \u2010\u2011\u2013]?)\d{2}\2\d{4}(?![\w\-/]|\.\d)"
)
LETTERS_BEFORE = 6
SSN_NAMED = re.compile(r"\b(?:ssn|ss ?#|soc\.? ?sec|social ?security)[^\n\d]{0,40}$", re.IGNORECASE)


@dataclass(frozen=True)
class NationalId:
    """How one number is written. ``named`` words must stand before it where form and checksum alone prove little."""

    form: str
    named: str | None = None


NATIONAL_IDS = {
    "ar.cuit": NationalId(r"\d{2}-\d{8}-\d"),
    "au.tfn": NationalId(r"\d{3} ?\d{3} ?\d{2,3}", "tfn|tax file"),
    "be.nn": NationalId(r"\d{2}[. ]\d{2}[. ]\d{2}[- ]\d{3}[. ]\d{2}"),
    "bg.egn": NationalId(r"\d{10}", "егн|egn"),
    "br.cpf": NationalId(r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
    "ca.sin": NationalId(r"\d{3}[ -]?\d{3}[ -]?\d{3}", "sin|social insurance|nas|assurance sociale"),
    "ch.ssn": NationalId(r"756\.\d{4}\.\d{4}\.\d{2}"),
    "cl.rut": NationalId(r"\d{1,2}\.\d{3}\.\d{3}-[\dKk]"),
    "cn.ric": NationalId(r"\d{17}[\dXx]"),
    "cz.rc": NationalId(r"\d{6}/\d{3,4}"),
    "de.idnr": NationalId(r"\d{2} ?\d{3} ?\d{3} ?\d{3}", r"idnr|steuer-?id\w*|identifikationsnummer|tin"),
    "dk.cpr": NationalId(r"\d{6}-\d{4}"),
    "ee.ik": NationalId(r"[1-6]\d{10}", "isikukood"),
    "es.dni": NationalId(r"\d{8}-?[A-Z]"),
    "es.nie": NationalId(r"[XYZ]-?\d{7}-?[A-Z]"),
    "fi.hetu": NationalId(r"\d{6}[-+A]\d{3}[0-9A-Y]"),
    "fr.nir": NationalId(r"[12] ?\d{2} ?[0-9]{2} ?\d[0-9AB] ?\d{3} ?\d{3} ?\d{2}"),
    "gb.nhs": NationalId(r"\d{3}[ -]?\d{3}[ -]?\d{4}", "nhs"),
    "gr.amka": NationalId(r"\d{11}", "αμκα|amka"),
    "hr.oib": NationalId(r"\d{11}", "oib"),
    "ie.pps": NationalId(r"\d{7}[A-Z]{1,2}", "pps"),
    "il.idnr": NationalId(r"\d{9}", "teudat zehut|t\\.?z\\.?|ת\\.?ז\\.?|זהות"),
    "in_.aadhaar": NationalId(r"\d{4}[ -]\d{4}[ -]\d{4}"),
    "is_.kennitala": NationalId(r"\d{6}-\d{4}"),
    "it.codicefiscale": NationalId(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"),
    "kr.rrn": NationalId(r"\d{6}-\d{7}"),
    "lt.asmens": NationalId(r"[1-6]\d{10}", "asmens kodas"),
    "mx.curp": NationalId(r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d"),
    "nl.bsn": NationalId(r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}", "bsn|burgerservicenummer|sofinummer|sofi"),
    "no.fodselsnummer": NationalId(r"\d{6} ?\d{5}"),
    "pl.pesel": NationalId(r"\d{11}", "pesel"),
    "pt.nif": NationalId(r"\d{9}|\d{3} \d{3} \d{3}", "nif|contribuinte"),
    "ro.cnp": NationalId(r"[1-8]\d{12}", "cnp|cod numeric personal"),
    "se.personnummer": NationalId(r"(?:19|20)?\d{6}[-+]\d{4}"),
    "si.emso": NationalId(r"\d{13}", "em[sš]o"),
    "th.pin": NationalId(r"\d-\d{4}-\d{5}-\d{2}-\d"),
    "tr.tckimlik": NationalId(r"[1-9]\d{10}", r"t\.?c\.?|kimlik"),
    "za.idnr": NationalId(r"\d{6} ?\d{4} ?\d{2} ?\d|\d{13}", "id|identity"),
}
"""What recipes can choose from: country and number as python-stdnum names them."""


def find_ssns(window: Window) -> Iterator[Span]:
    """US social security numbers: hyphenated ones of a valid area, group and serial; others only where named."""
    text = window.text
    for match in matches(SSN, window):
        digits = re.sub(r"\D", "", match[0])
        if not ssn.is_valid(digits) or url_around(text, match.start()):
            continue
        if match[2] not in ("", " ") or SSN_NAMED.search(text[max(0, match.start() - 60) : match.start()]):
            yield match.span()


def national_id_finder(codes: Sequence[str]) -> Finder:
    """A finder of the numbers named in ``codes``. Raises ``SettingError`` for an unknown one."""
    known = [(*_compiled(code), import_module(f"stdnum.{code}").is_valid) for code in codes]

    def find_national_ids(window: Window) -> Iterator[Span]:
        text = window.text
        for form, named, is_valid in known:
            for match in matches(form, window, LETTERS_BEFORE):
                before = text[max(0, match.start() - 60) : match.start()]
                if (
                    is_valid(match[0])
                    and (named is None or named.search(before))
                    and not url_around(text, match.start())
                ):
                    yield match.span()

    return find_national_ids


def _compiled(code: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    if code not in NATIONAL_IDS:
        near = get_close_matches(code, NATIONAL_IDS, n=3, cutoff=0.3)
        raise SettingError(f"national id {code!r} is unknown; nearest: {', '.join(near)}")
    entry = NATIONAL_IDS[code]
    named = re.compile(rf"\b(?:{entry.named})\b[^\n\d]{{0,40}}$", re.IGNORECASE) if entry.named else None
    return re.compile(rf"(?<![\w.,/\-])(?:{entry.form})(?![\w\-/]|[.,]\d)"), named
