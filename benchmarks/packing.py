"""Best-fit packing beside concatenate-and-split, on the lengths of real documents.

    python -m benchmarks.packing 'tokens/*.parquet'

Documents come in a seeded order, packed window by window as `orchard mix` does it. `lost` is what is in no sequence,
`cropped` what a trainer loses that cuts documents off at the sequence length. The plain packer is best fit by a sorted
list, in Python, for a sense of speed; it fills sequences equally well.
"""

import argparse
import resource
import sys
import time
from bisect import bisect_left, insort
from collections.abc import Iterator

import numpy as np

from filters.mixture.keys import document_keys
from filters.mixture.plan import window_tokens
from filters.packing.cuts import count_cuts
from filters.packing.pieces import Integers
from filters.packing.window import METHODS, pack_window
from pipelines.engine.outputs.parquet import row_groups
from pipelines.read.files import find_inputs
from schemas.mix_report import CutCounts

SEQUENCE_LENGTHS = (2048, 4096, 8192, 32768)
PLAIN_DOCUMENTS = 20_000
"""So many are packed by the plain packer, whose time grows with more than their number."""


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokens", nargs="+", help="token shards: paths or patterns")
    lengths = _lengths(parser.parse_args().tokens)
    print(
        f"{len(lengths):,} documents, {lengths.sum():,} tokens with one after each; median {np.median(lengths):,.0f}, "
        f"mean {lengths.mean():,.0f}, longest {lengths.max():,}\n"
    )
    for method in METHODS:  # compiles
        pack_window(lengths[:10], np.arange(10, dtype=np.uint64), method, 2048)
    print("| length | packing | documents cut | cut though they fit | lost | padding | documents/s |")
    print("|---|---|---|---|---|---|---|")
    for sequence_length in SEQUENCE_LENGTHS:
        for method in METHODS:
            started = time.perf_counter()
            cuts = sum((each for each in _packed(lengths, method, sequence_length)), CutCounts())
            seconds = time.perf_counter() - started
            print(
                f"| {sequence_length} | {method} | {cuts.cut:,} ({cuts.cut / cuts.documents:.2%}) | "
                f"{cuts.cut_though_fitting:,} | {int(lengths.sum()) - cuts.tokens} | {cuts.padding_rate:.4%} | "
                f"{len(lengths) / seconds:,.0f} |"
            )
        cropped = int(np.maximum(lengths - sequence_length, 0).sum())
        started = time.perf_counter()
        _plain_best_fit(lengths[:PLAIN_DOCUMENTS].tolist(), sequence_length)
        speed = min(PLAIN_DOCUMENTS, len(lengths)) / (time.perf_counter() - started)
        print(f"| {sequence_length} | cropped, plain packer | | | {cropped / lengths.sum():.1%} | | {speed:,.0f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"\npeak memory of this process {peak / 1e6:,.0f} MB")


def _lengths(patterns: list[str]) -> Integers:
    """Tokens of each document and the one after it, in a seeded order."""
    keys, lengths = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for file in find_inputs(patterns):
        for group in row_groups(file.uri, ["doc_id", "length"]):
            keys.append(document_keys(group.column("doc_id"), 0))
            lengths.append(group.column("length").to_numpy() + 1)
    return np.concatenate(lengths)[np.argsort(np.concatenate(keys))]


def _packed(lengths: Integers, method: str, sequence_length: int) -> Iterator[CutCounts]:
    """The cuts of each window."""
    window = np.cumsum(lengths) // window_tokens(sequence_length)
    for own in np.split(lengths, np.flatnonzero(np.diff(window)) + 1):
        chances = np.arange(len(own), dtype=np.uint64)
        packing = pack_window(own, chances, "best-fit" if method == "best-fit" else "concatenate", sequence_length)
        yield count_cuts(own, packing, sequence_length)


def _plain_best_fit(lengths: list[int], sequence_length: int) -> int:
    """How many sequences there are when each piece goes to the fullest one with room, found in a sorted list."""
    pieces = [sequence_length] * sum(length // sequence_length for length in lengths)
    pieces += [length % sequence_length for length in lengths if length % sequence_length]
    rooms: list[int] = []
    sequences = 0
    for piece in sorted(pieces, reverse=True):
        place = bisect_left(rooms, piece)
        if place == len(rooms):
            sequences += 1
            room = sequence_length
        else:
            room = rooms.pop(place)
        if room > piece:
            insort(rooms, room - piece)
    return sequences


if __name__ == "__main__":
    main()
