"""The token shards of a mixture, and the ids that are put around documents."""

from collections.abc import Sequence
from dataclasses import dataclass

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from filters.packing.fill import NO_TOKEN
from filters.packing.fill import Frame as FrameIds
from pipelines.read.files import InputError, InputFile, find_inputs
from pipelines.tokenize.cached import CachedTokenizer
from pipelines.tokenize.errors import TokenizerError
from schemas.recipe.error import nearest
from schemas.recipe.mixture import Frame
from schemas.token_shard import TOKENIZER_KEY
from schemas.version import SchemaVersionError, check_version

_TOKENS = "tokens."


@dataclass(frozen=True)
class TokenShards:
    """Files of tokens of one tokenizer."""

    files: tuple[InputFile, ...]
    documents: int
    tokens: int
    """In all, at most; from the footers."""


def find_token_shards(patterns: Sequence[str], tokenizer: CachedTokenizer) -> TokenShards:
    """The token shards that patterns match.

    Raises InputError for a file that holds something else, ids of another tokenizer, and where there is no document.
    """
    files = find_inputs(patterns)
    sizes = [_size(file.uri, tokenizer) for file in files]
    documents, tokens = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
    if not documents:
        raise InputError(f"{', '.join(patterns)}: {len(files)} file(s) without any document; give others")
    return TokenShards(tuple(files), documents, tokens)


def frame_ids(frame: Frame, tokenizer: CachedTokenizer) -> FrameIds:
    """The ids for what a recipe puts around documents. Raises TokenizerError for a token that there is not."""
    pieces = tokenizer.library.pieces()

    def number(name: str, field: str) -> int:
        if name in pieces:
            return pieces.index(name)
        near = nearest(name, pieces)
        hint = f"; did you mean {near}?" if near else ""
        markers = ", ".join(pieces[each] for each in sorted(tokenizer.library.markers())[:8])
        raise TokenizerError(
            f"frame.{field}: the tokenizer has no token {name!r}{hint} (those that stand for no text: "
            f"{markers or 'none'}). Say another: --set 'frame.{field}=...'"
        )

    begin = NO_TOKEN if frame.begin is None else number(frame.begin, "begin")
    return FrameIds(begin, number(frame.end, "end"), number(frame.padding, "padding"))


def _size(uri: str, tokenizer: CachedTokenizer) -> tuple[int, int]:
    """Documents and tokens of a shard."""
    filesystem, path = fsspec.core.url_to_fs(uri)
    try:
        with filesystem.open(path, "rb") as file, pq.ParquetFile(file) as parquet:
            schema, metadata = parquet.schema_arrow, parquet.metadata
    except pa.ArrowInvalid as error:
        raise InputError(f"{uri}: cannot be read as Parquet: {error}") from error
    try:
        check_version(schema, "tokens")
    except SchemaVersionError as error:
        raise InputError(f"{uri}: {error}. Give the tokens/*.parquet that `orchard tokenize` wrote") from error
    found = schema.metadata[TOKENIZER_KEY].decode()
    if found != tokenizer.fingerprint:
        raise InputError(
            f"{uri}: its tokens are of another tokenizer ({found}) than the one given ({tokenizer.fingerprint}: "
            f"{tokenizer.description}). Give the one that it was made with, or tokenize again"
        )
    columns = [metadata.schema.column(number).path for number in range(metadata.num_columns)]
    tokens = next(number for number, column in enumerate(columns) if column.startswith(_TOKENS))
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    return metadata.num_rows, sum(group.column(tokens).num_values for group in groups)
