"""Each kind of personal data: what is it, and what only looks like it."""

import pyarrow as pa
import pytest

from filters.batch import Batch
from filters.errors import SettingError
from filters.pii.national_ids import NATIONAL_IDS
from filters.pii.redact import prepare
from schemas.steps.pii import KINDS, Pii


def masked(text, **settings):
    nothing = pa.nulls(1, pa.string())
    found = prepare(Pii(**settings))(Batch(text=pa.array([text], pa.large_string()), uri=nothing, language=nothing))
    return text if found.text is None else found.text[0].as_py()


FOUND = [
    ("Write to jane.doe+news@mail.example.co.uk.", "Write to <EMAIL>."),
    ("<a@b.com>,c_d@e-f.org;x'y@z.de", "<<EMAIL>>,<EMAIL>;<EMAIL>"),
    ("邮箱abc@qq.com电话", "邮箱<EMAIL>电话"),
    ("mailto:info@example.com?subject=x", "mailto:<EMAIL>?subject=x"),
    ("IBAN: GB82 WEST 1234 5698 7654 32 BIC", "IBAN: <IBAN> BIC"),
    ("DE89370400440532013000", "<IBAN>"),
    ("to MT84MALT011000012345MTLCAST001S.", "to <IBAN>."),
    ("NL91-ABNA-0417-1643-00", "<IBAN>"),
    ("card 4111 1111 1111 1111, exp 12/27", "card <CREDIT_CARD>, exp 12/27"),
    ("5555-5555-5555-4444", "<CREDIT_CARD>"),
    ("378282246310005", "<CREDIT_CARD>"),
    ("3782 822463 10005", "<CREDIT_CARD>"),
    ("3056 930902 5904", "<CREDIT_CARD>"),
    ("2223003122003222", "<CREDIT_CARD>"),
    ("SSN 536-22-8726", "SSN <SSN>"),
    ("social security number: 536228726.", "social security number: <SSN>."),
    ("his SSN is 536 22 8726", "his SSN is <SSN>"),
    ("from 81.2.69.142 port", "from <IP_ADDRESS> port"),
    ("ping 8.8.8.8 now", "ping <IP_ADDRESS> now"),
    ("http://81.2.69.142:8080/x", "http://<IP_ADDRESS>:8080/x"),
    ("inet6 2a00:1450:4001:81b::200e/64", "inet6 <IP_ADDRESS>/64"),
    ("[2606:4700:4700::1111]:443", "[<IP_ADDRESS>]:443"),
    ("call (713) 853-1569 today", "call <PHONE> today"),
    ("713.853.1569", "<PHONE>"),
    ("Tel. 7138531569", "Tel. <PHONE>"),
    ("1-800-555-1234 x12", "<PHONE>"),
    ("+49 89 636-48018", "<PHONE>"),
    ("+44 (0)20 7946 0018", "<PHONE>"),
    ("020 7946 0018", "<PHONE>"),
    ("txt 08712460324 now", "txt <PHONE> now"),
    ("713\u2011853\u20111569", "<PHONE>"),
    ("(713-853-1569)", "(<PHONE>)"),
    ("[713.853.1569]", "[<PHONE>]"),
    ("Home #(713)526-8304", "Home #<PHONE>"),
    ("from 81.2.69.142 713-853-1569", "from <IP_ADDRESS> <PHONE>"),
    ("713-853-1569\n713-646-3490", "<PHONE>\n<PHONE>"),
]

KEPT = [
    "follow @jane or jane@home",
    "logo@2x.png and icon@3x.jpeg",
    "git@github.com:owner/repository.git",
    "ssh://git@github.com/owner/repository",
    "https://user@example.com/path",
    "npm install pkg@1.2.3 && import a@b",
    "DE89370400440532013001",
    "GB82 WEST 1234 5698 7654",
    "4111 1111 1111 1112",
    "1234 5678 9012 3452",
    "https://shop.example/item/4111111111111111",
    "https://shop.example/?id=4111111111111111",
    "ISBN 978-3-16-148410-0, 9783161484100",
    "000-12-3456 666-12-3456 900-12-3456 536-00-8726 536-22-0000",
    "part 536-22-87261 and 1536-22-8726",
    "code 536228726",
    "10.0.0.1 192.168.1.100 172.16.3.4 127.0.0.1 169.254.1.1 224.0.0.251 255.255.255.0",
    "192.0.2.1 198.51.100.7 203.0.113.9 2001:db8::1 fe80::1",
    "version 1.2.3.4, v81.2.69.142, Chrome/115.0.57.102",
    "section 2.3.4.5 of 1.3.6.1.4.1.311.2",
    "300.1.2.3 1.2.3",
    "12:30:45 2019:12:30 std::dead::beef",
    "2024-01-15 10:30:00 and 15.01.2024 10:30",
    "1996-2012 2010 2011 2012",
    "1,234,567,890 or 2015551234 or 1573096160",
    "0.34036303344446665347 7.1385315692",
    "order no. 713 853 1569",
    "700 713 853 1569 22",
    "£713 853 1569",
    "ID: 7138531569 / item #7138531569",
    "/news/2015/713-853-1569",
    "arXiv:2603.05290, doi:10.1080/09603123.2021.1943324",
    "192.168.100.200 is private",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_finds(text, expected):
    assert masked(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_keeps(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ("DE", "089 63648018"),
        ("FR", "01 42 68 53 00"),
        ("JP", "03-3581-5321"),
        ("IN", "098765 43210"),
        ("CN", "010-82558752"),
    ],
)
def test_phones_are_national_to_the_listed_regions(region, number):
    assert masked(f"x {number} y", phone_regions=(region,)) == "x <PHONE> y"
    assert masked(f"x {number} y", phone_regions=()) == f"x {number} y"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("es.dni", "DNI 54362315-K"),
        ("es.nie", "X-2482300W"),
        ("fr.nir", "2 95 10 99 126 111 93"),
        ("it.codicefiscale", "RCCMNL83S18D969H"),
        ("pl.pesel", "PESEL: 44051401359"),
        ("br.cpf", "390.533.447-05"),
        ("nl.bsn", "BSN 1112.22.333"),
        ("de.idnr", "Steuer-ID: 36 574 261 809"),
        ("se.personnummer", "880320-0016"),
        ("cn.ric", "360426199101010071"),
        ("ca.sin", "SIN 123-456-782"),
    ],
)
def test_national_ids_are_found_where_the_recipe_asks(code, text):
    assert masked(text, national_ids=(code,), kinds=("national_id",)).endswith("<NATIONAL_ID>")
    assert masked(text, kinds=("national_id",)) == text
    wrong = text[:-1] + ("A" if text[-1].isalpha() and text[-1] != "A" else str((int(text[-1], 36) + 1) % 10))
    assert masked(wrong, national_ids=(code,), kinds=("national_id",)) == wrong


def test_a_number_that_proves_little_must_be_named():
    assert masked("order 111222333", national_ids=("nl.bsn",), kinds=("national_id",)) == "order 111222333"


def test_every_national_id_of_the_registry_loads():
    assert masked("nothing", national_ids=tuple(NATIONAL_IDS)) == "nothing"


def test_kinds_are_looked_for_only_if_listed():
    text = "a@b.com 4111 1111 1111 1111 536-22-8726 81.2.69.142 713-853-1569 DE89370400440532013000"
    for kind in set(KINDS) - {"national_id"}:
        assert masked(text, kinds=(kind,)).count("<") == 1
    assert masked(text).count("<") == 6


def test_unknown_settings_are_errors():
    for settings, message in (
        ({"phone_regions": ("UK",)}, "'UK'.*ISO 3166"),
        ({"national_ids": ("es.dnl",)}, "'es.dnl'.*nearest: es.dni"),
    ):
        with pytest.raises(SettingError, match=message):
            prepare(Pii(**settings))
