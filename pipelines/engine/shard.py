"""Units of parallel work, of resume and of output files: shards of documents, and buckets of an exchange."""

from collections import Counter
from dataclasses import dataclass

from pipelines.read.files import InputFile


@dataclass(frozen=True)
class Shard:
    """One input file and the name that all its outputs carry."""

    name: str
    input: InputFile

    @property
    def size(self) -> int:
        """Bytes of the input: the largest shards are begun first."""
        return self.input.size


@dataclass(frozen=True)
class Bucket:
    """One part of an exchange: what all shards have put under one number."""

    number: int
    count: int
    """How many buckets the exchange has."""

    @property
    def name(self) -> str:
        """The name that its outputs carry."""
        return f"bucket-{self.number:0{len(str(self.count - 1))}d}"

    @property
    def size(self) -> int:
        """Not known before the shards are written; all are about the same."""
        return 0


Unit = Shard | Bucket


def make_buckets(count: int) -> list[Bucket]:
    """All buckets of an exchange."""
    return [Bucket(number, count) for number in range(count)]


def shard_name(relative_name: str) -> str:
    """A flat file name from an input's relative path: ``crawl/a.warc.gz`` becomes ``crawl__a``."""
    folder, _, base = relative_name.rpartition("/")
    for suffix in (".gz", ".zst", ".warc", ".wet", ".jsonl", ".json", ".parquet"):
        base = base.removesuffix(suffix)
    return "__".join([*folder.split("/"), base]) if folder else base


def make_shards(inputs: list[InputFile]) -> list[Shard]:
    """Shards in the order of their names, whatever order the inputs were given in.

    Two inputs that differ only in their suffix (``a.warc.gz``, ``a.jsonl``) keep the whole file name.
    """
    names = [shard_name(file.relative_name) for file in inputs]
    uses = Counter(names)
    shards = [
        Shard(name if uses[name] == 1 else file.relative_name.replace("/", "__"), file)
        for name, file in zip(names, inputs, strict=True)
    ]
    return sorted(shards, key=lambda shard: shard.name)
