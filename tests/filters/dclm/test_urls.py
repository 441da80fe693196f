import pytest

from filters.registry import prepare
from schemas.steps.dclm import DclmUrls
from tests.support.batches import batch_of


def cut(*texts):
    found = prepare(DclmUrls())(batch_of(texts))
    return found.text.to_pylist(), {name: column.to_pylist() for name, column in found.signals.items()}


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Come to www.example.org, today", "Come to, today"),
        ("Come to   https://example.co.uk/a?b=c#d now", "Come to now"),
        ("Come: me@example.com!", "Come:!"),
        ("Come to site.example", "Come to site.example"),
        ("Come to an end.In time", "Come to an end.In time"),
        ("Come to an end.in time", "Come to an time"),
        ("Come ..za.. again", "Come again"),
        ("Come to example.comé", "Come to example.comé"),
        ("Come to пример.рф now", "Come to пример.рф now"),
        ("Come to example.рф now", "Come to now"),
        ("Come to example.भारत now", "Come to now"),
    ],
)
def test_names_of_sites_are_cut_out(text, rest):
    assert cut(text)[0] == [rest]


def test_names_are_cut_only_where_the_text_begins_with_a_top_level_domain():
    assert cut("Join www.example.org", "join us at example.org", "Visit example.org", "Why example.org")[0] == [
        "Join",
        "join us at",
        "Visit",
        "Why example.org",
    ]


def test_numeric_addresses_are_cut_out_of_every_text():
    texts, _ = cut("Why 127.0.0.1:80/x now", "Why http://8.8.8.8 now", "Why 1.2.3 now", "Why x10.0.0.1")
    assert texts == ["Why now", "Why now", "Why 1.2.3 now", "Why x10.0.0.1"]


def test_what_was_cut_is_counted():
    texts, signals = cut("in.example.org", "", "com: sü.com x.com")
    assert texts == ["", "", "com: sü.com"]
    assert signals == {"removed_characters": [14, 0, 6], "characters": [0, 0, 11]}
    assert list(DclmUrls().rules()) == ["dclm_urls.characters"]


def test_a_long_text_without_white_space_takes_no_long_time():
    text = "com" + "a" * 500_000 + ".b" * 1000
    assert cut(text)[0] == [text]
