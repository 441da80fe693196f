"""Documents to plant items in: texts of given files, or a few sentences that every machine has."""

import random
from collections.abc import Iterator, Sequence

from pipelines.decontaminate.errors import BenchmarkError
from pipelines.read.files import find_inputs
from pipelines.read.read import read_records
from pipelines.read.record import Record
from schemas.recipe.read import ReadSettings

BUILT_IN = 200
"""Documents that are made where none are given."""

_SENTENCES = (
    "The mill stands where the stream leaves the wood, and its wheel has not turned since the flood.",
    "Apples that fall before the first frost are pressed within the week.",
    "Nobody in the village remembers who planted the two old pear trees behind the chapel.",
    "In a dry summer the well gives enough for the garden but not for the geese.",
    "The ferry leaves at seven, unless fog hides the far bank.",
    "She kept the ledgers in a tin box under the stairs, sorted by harvest.",
    "A cooper from the coast taught them to bend staves over a slow fire.",
    "Bees like the slope that faces the morning sun.",
    "The road was paved twice, and twice the winter lifted the stones.",
    "Every second Sunday there is a market under the lime trees.",
    "His letters speak of little else than weather, seed and the price of salt.",
    "Cider from this press is cloudy, sharp and a little smoky.",
    "When the bridge was closed, the carts went round by the quarry.",
    "The schoolhouse bell was cast from old cannon and has a crack near the rim.",
    "They pruned late that year because the ladders had been lent to the church.",
    "Two brothers quarrelled over a hedge and never spoke again.",
    "From the ridge you can see three counties and, on clear evenings, the sea.",
    "The recipe asks for quinces, honey and patience.",
    "An owl nests in the granary, which keeps the mice in check.",
    "Most of the cellar was dug by hand, a bucket at a time.",
    "The station master grew dahlias between the rails of the unused siding.",
    "Rain on blossom means a thin autumn, or so the almanac claims.",
    "A new roof was laid in slate, though thatch would have been cheaper.",
    "The last wolf hereabouts was seen by a tinker, who was not sober.",
    "Wool is washed below the weir so that the trout upstream are left in peace.",
    "In the attic they found a map with fields that no longer exist.",
    "The choir rehearses in the barn until the hay comes in.",
    "Grafting is done in March, with a sharp knife and clean hands.",
    "Her grandmother sold plums from a handcart for forty years.",
    "The inn has six rooms, four of which have a view of the orchard.",
)


def built_in_documents(seed: int) -> Iterator[str]:
    """Documents of six paragraphs of the sentences above, in other orders each."""
    rng = random.Random(seed)
    for _ in range(BUILT_IN):
        yield "\n\n".join(" ".join(rng.sample(_SENTENCES, rng.randint(3, 6))) for _ in range(6))


def read_documents(patterns: Sequence[str]) -> Iterator[str]:
    """The texts of Parquet, JSONL or WET files, in the order of files. Records that cannot be read are passed over.

    Raises InputError for a pattern without a readable file, BenchmarkError for pages that are not extracted yet.
    """
    for file in find_inputs(patterns):
        for item in read_records(file, ReadSettings()):
            if not isinstance(item, Record):
                continue
            if item.text is None:
                raise BenchmarkError(
                    f"{file.uri} holds pages; extract their texts first: orchard run RECIPE --input ..."
                )
            yield item.text
