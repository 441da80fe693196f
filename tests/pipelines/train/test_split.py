"""No site is on both sides of the split."""

import pytest

from pipelines.train.sample import Sampled
from pipelines.train.split import group, hold_out


def text(uri: str | None, number: int = 0) -> Sampled:
    return Sampled(line=str(number), label="x", uri=uri, hash=number)


@pytest.mark.parametrize(
    ("uri", "site"),
    [
        ("https://blog.example.co.uk/a?b", "example.co.uk"),
        ("http://example.co.uk:8080/", "example.co.uk"),
        ("https://user.github.io/x", "github.io"),
        ("http://192.0.2.7/x", "192.0.2.7"),
        ("http://localhost/x", "localhost"),
    ],
)
def test_groups_by_registered_domain(uri, site):
    assert group(text(uri)) == site


@pytest.mark.parametrize("uri", [None, "", "file.jsonl#12", "12"])
def test_texts_without_address_stand_alone(uri):
    assert group(text(uri, 1)) != group(text(uri, 2))


def test_a_site_is_on_one_side_and_the_share_is_about_right():
    texts = [text(f"https://www{page}.site{site}.com/", site * 10 + page) for site in range(1000) for page in range(3)]
    trained, held_out = hold_out(texts, 0.2, seed=0)
    sites = {group(found) for found in trained}, {group(found) for found in held_out}
    assert not sites[0] & sites[1]
    assert 160 <= len(sites[1]) <= 240
    assert hold_out(texts, 0.2, seed=0) == (trained, held_out)
    assert hold_out(texts, 0.2, seed=1)[1] != held_out
