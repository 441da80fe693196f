"""The canonical form of a URI."""

import gzip
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from filters.url.canonical import canonical_uri


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTP://Example.COM:80", "http://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:80/a", "https://example.com:80/a"),
        ("https://example.com./a#part", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&id=3&fbclid=y", "https://example.com/a?id=3"),
        ("https://example.com/a?UTM_Medium=x", "https://example.com/a"),
        ("https://example.com/a?ref=3&source=4", "https://example.com/a?ref=3&source=4"),
        ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/%7euser/%c3%a9", "https://example.com/~user/%C3%A9"),
        ("https://example.com/é b", "https://example.com/%C3%A9%20b"),
        ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/%4%31", "https://example.com/%2541"),
        ("https://example.com/a/../b/./c", "https://example.com/b/c"),
        ("https://example.com/a/%2e%2e/b/.", "https://example.com/b/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("https://user@example.com/", "https://user@example.com/"),
        ("https://example.com/Case?Q=A", "https://example.com/Case?Q=A"),
        ("  file:///Data/A#b ", "file:///Data/A#b"),
        ("urn:isbn:0451450523", "urn:isbn:0451450523"),
        ("http://[broken/", "http://[broken/"),
        ("http://example.com:99999999/", "http://example.com:99999999/"),
        ("", ""),
    ],
)
def test_writes_the_canonical_form(written, canonical):
    assert canonical_uri(written) == canonical


def test_real_addresses_stay_distinct_and_stable(shared_data):
    with gzip.open(shared_data / "web" / "web-dev-index.jsonl.gz", "rt") as rows:
        uris = {json.loads(row)["url"] for row in rows}
    assert len(uris) > 3000
    canonical = {uri: canonical_uri(uri) for uri in uris}
    assert all(canonical_uri(form) == form for form in canonical.values())
    assert len(set(canonical.values())) >= 0.999 * len(uris)


URL_PIECES = st.sampled_from(
    ["http", "HTTPS", "://", "://", "a.com", "É.de", "[::1]", ":80", ":443", "@", "/", "//", "/..", "/.", "?", "&", "#",
     "%", "%2", "%2e", "%41", "%25", "=", "utm_x", "é", " ", ";", "\\", "|", "。", "\u00ad", "..", "ß", "xn--"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(URL_PIECES, max_size=12).map("".join), st.text().map("http://a.com/{}".format)))
@example("http://a.com/%%3431")
@example("http://\u0130.com/")
def test_is_idempotent(uri):
    once = canonical_uri(uri)
    assert canonical_uri(once) == once
