"""Holds texts out of the training: whole sites, so that no site is on both sides."""

from collections.abc import Iterable

import tldextract
import xxhash

from pipelines.train.sample import Sampled

_registered = tldextract.TLDExtract(suffix_list_urls=())
"""Only the list inside the package: no network."""


def hold_out(texts: Iterable[Sampled], share: float, seed: int) -> tuple[list[Sampled], list[Sampled]]:
    """Texts to train on and held-out ones: about ``share`` (0 to 1) of the sites, by a seeded hash of their names."""
    trained: list[Sampled] = []
    held_out: list[Sampled] = []
    for sampled in texts:
        position = xxhash.xxh3_64_intdigest(group(sampled).encode(), seed=seed) / 2**64
        (held_out if position < share else trained).append(sampled)
    return trained, held_out


def group(sampled: Sampled) -> str:
    """What must stay on one side: the site (registered domain, else host), or the text itself without an address."""
    if sampled.uri:
        name = _registered(sampled.uri)
        site = name.top_domain_under_public_suffix or name.fqdn or name.domain
        if "://" in sampled.uri and site:
            return site
    return f"{sampled.hash:032x}"
