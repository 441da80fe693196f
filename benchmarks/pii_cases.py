"""Seeded cases of personal data in many formats, and of what only looks like it."""

import ipaddress
import random
import string
from collections.abc import Callable
from importlib import import_module

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from stdnum import iban, luhn
from stdnum.us import ssn

from schemas.steps.pii import Kind

NATIONAL_IDS = {
    "es.dni": ("########A", "{}"),
    "es.nie": ("X#######A", "NIE {}"),
    "fr.nir": ("1##0275########", "({})"),
    "it.codicefiscale": ("AAAAAA##M1#H###A", "{},"),
    "pl.pesel": ("##0#1######", "PESEL: {}"),
    "br.cpf": ("###.###.###-##", "CPF {}"),
    "nl.bsn": ("#########", "BSN {}"),
    "de.idnr": ("###########", "Steuer-ID: {}"),
    "cn.ric": ("11010119#0010#####", "{}."),
}
"""Number to its shape (``#`` a digit, ``A`` a letter, ``M`` a letter for a month) and the text around it."""
ANY_REGION = (
    "DE",
    "FR",
    "IT",
    "ES",
    "NL",
    "PL",
    "SE",
    "CH",
    "BR",
    "MX",
    "IN",
    "JP",
    "CN",
    "KR",
    "AU",
    "ZA",
    "EG",
    "TR",
)
IBAN_FORMS = {
    "DE": "18n",
    "GB": "4a14n",
    "FR": "23n",
    "NL": "4a10n",
    "ES": "20n",
    "PL": "24n",
    "NO": "11n",
    "CH": "17n",
}
WORDS = ("anna", "liu", "omar", "smith", "garcia", "kim", "novak", "info", "sales", "j", "m", "pat", "lee", "office")
DOMAINS = ("gmail.com", "mail.example.co.uk", "uni-bonn.de", "acme.io", "nhs.net", "x.org", "corp.com.br", "museum.fr")

Case = tuple[str, str]
"""The item and the text around it, with ``{}`` for the item."""


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def email(rng: random.Random) -> Case:
    first, second = rng.choice(WORDS), rng.choice(WORDS)
    user = rng.choice(["{0}.{1}", "{0}{2}", "{0}_{1}", "{0}-{1}", "{0}+{1}", "{0}.{1}.{2}", "{0}"])
    address = f"{user.format(first, second, digits(rng, 2))}@{rng.choice(DOMAINS)}"
    address = rng.choice([address, address, address.upper(), address.title()])
    return address, rng.choice(["{}", "<{}>", "({}),", "mailto:{}", "E-mail: {}.", "[{}]", "{};", '"{}"', "write {}!"])


def national_number(rng: random.Random, region: str) -> phonenumbers.PhoneNumber:
    kind = rng.choice([PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE])
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None, region
    while True:
        number = phonenumbers.PhoneNumber()
        number.merge_from(example)
        number.national_number = int(str(example.national_number)[:-6] + digits(rng, 6))
        if region == "US":
            area, exchange = rng.choice([212, 713, 415, 305, 617]), rng.randint(200, 999)
            number.national_number = int(f"{area}{exchange}{digits(rng, 4)}")
        if phonenumbers.is_valid_number(number):
            return number


def phone(rng: random.Random) -> Case:
    style = rng.randrange(4)
    if style == 0:
        number = national_number(rng, rng.choice(ANY_REGION))
        form = rng.choice([PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164])
        return phonenumbers.format_number(number, form), rng.choice(["{}", "Tel. {}", "({})", "{},", "fax {}"])
    if style == 1:
        text = phonenumbers.format_number(national_number(rng, "GB"), PhoneNumberFormat.NATIONAL)
        return text, rng.choice(["{}", "Tel: {}", "{}.", "call {} now"])
    n = str(national_number(rng, "US").national_number)
    form = rng.choice(
        ["{}-{}-{}", "({}) {}-{}", "({}){}-{}", "{}.{}.{}", "{}/{}-{}", "{} {} {}", "1-{}-{}-{}", "+1 {} {} {}"]
    )
    if style == 2:
        return form.format(n[:3], n[3:6], n[6:]), rng.choice(["{}", "{}.", "{},", "at {} or", "[{}]", "fax: {}"])
    return n, rng.choice(["call {}", "Tel: {}", "phone {}.", "my cell is {}", "text {} today"])


def ip(rng: random.Random) -> Case:
    while True:
        if rng.random() < 0.6:
            address = ipaddress.ip_address(rng.getrandbits(32))
        else:
            address = ipaddress.ip_address(
                (rng.choice([0x2001, 0x2A00, 0x2606, 0x2400]) << 112)
                | (rng.getrandbits(32) << 80)
                | rng.getrandbits(rng.choice([16, 64]))
            )
        if address.is_global and not address.is_multicast:
            break
    text = address.exploded if address.version == 6 and rng.random() < 0.3 else str(address)
    around = ["{}", "from {} port", "({})", "{},", "IP: {}", "host {} is"]
    return text, rng.choice(
        [*around, *(["http://{}:8080/x", "{}/24", "{}:443"] if address.version == 4 else ["[{}]:443"])]
    )


def card(rng: random.Random) -> Case:
    prefix, length = rng.choice(
        [("4", 16), ("52", 16), ("2345", 16), ("37", 15), ("6011", 16), ("3530", 16), ("36", 14), ("62", 16)]
    )
    body = prefix + digits(rng, length - len(prefix) - 1)
    number = body + luhn.calc_check_digit(body)
    groups = {16: (4, 4, 4, 4), 15: (4, 6, 5), 14: (4, 6, 4)}[length]
    separator = rng.choice(["", " ", "-", "\u00a0"])
    parts, position = [], 0
    for size in groups:
        parts.append(number[position : position + size])
        position += size
    return separator.join(parts), rng.choice(["{}", "card {}", "Visa: {},", "({})", "cc no. {} exp 12/29"])


def us_ssn(rng: random.Random) -> Case:
    while not ssn.is_valid(number := f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 4)}"):
        pass
    if rng.random() < 0.7:
        return number, rng.choice(["{}", "SSN {}", "({})", "{},", "SS#: {}"])
    bare = number.replace("-", rng.choice(["", " "]))
    return bare, rng.choice(["SSN: {}", "social security number is {}", "Soc. Sec. No. {}"])


def bank_account(rng: random.Random) -> Case:
    while True:
        country = rng.choice(list(IBAN_FORMS))
        form = IBAN_FORMS[country]
        letters, _, count = form.rpartition("a")
        body = "".join(rng.choices(string.ascii_uppercase, k=int(letters or 0))) + digits(rng, int(count[:-1]))
        number = country + iban.calc_check_digits(f"{country}00{body}") + body
        if iban.is_valid(number):
            break
    if rng.random() < 0.6:
        number = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return number, rng.choice(["{}", "IBAN {}", "IBAN: {}.", "({})", "to {} at"])


def national_id(rng: random.Random) -> Case:
    code = rng.choice(list(NATIONAL_IDS))
    shape, around = NATIONAL_IDS[code]
    is_valid = import_module(f"stdnum.{code}").is_valid
    symbols = {"#": string.digits, "A": string.ascii_uppercase, "M": "ABCDEHLMPRST"}
    while not is_valid(number := "".join(rng.choice(symbols.get(symbol, symbol)) for symbol in shape)):
        pass
    return number, around


PLANTED: dict[Kind, Callable[[random.Random], Case]] = {
    "email": email,
    "phone": phone,
    "ip": ip,
    "card": card,
    "ssn": us_ssn,
    "iban": bank_account,
    "national_id": national_id,
}


def decoy(rng: random.Random) -> str:
    """Something that only looks like personal data."""
    octets = [str(rng.randint(0, 30)) for _ in range(4)]
    date = f"20{digits(rng, 2)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return rng.choice(
        [
            ".".join(octets),
            "version " + ".".join([*octets[:3], str(rng.randint(100, 255))]),
            f"192.168.{rng.randint(0, 255)}.{rng.randint(0, 255)}",
            f"10.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(0, 255)}",
            f"978-{rng.randint(0, 9)}-{digits(rng, 2)}-{digits(rng, 6)}-{digits(rng, 1)}",
            f"ISBN {digits(rng, 10)}",
            f"{date} {rng.randint(10, 23)}:{digits(rng, 2)}:{digits(rng, 2)}",
            f"{rng.randint(1, 28):02}.{rng.randint(1, 12):02}.20{digits(rng, 2)}",
            f"order {digits(rng, 10)}",
            f"#{digits(rng, 12)}",
            f"ref. {digits(rng, 16)}",
            f"https://shop.example/item/{digits(rng, 16)}?v={digits(rng, 10)}",
            f"0.{digits(rng, 17)}",
            f"{rng.randint(1, 9)},{digits(rng, 3)},{digits(rng, 3)},{digits(rng, 3)}",
            f"git@github.com:{rng.choice(WORDS)}/{rng.choice(WORDS)}.git",
            f"icon@{rng.randint(2, 3)}x.png",
            f"@{rng.choice(WORDS)}.{rng.choice(WORDS)}",
            f"doi:10.{digits(rng, 4)}/{digits(rng, 8)}.{digits(rng, 4)}",
            f"1{digits(rng, 9)} {digits(rng, 3)}",
            f"000-{digits(rng, 2)}-{digits(rng, 4)}",
            f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 5)}",
        ]
    )
