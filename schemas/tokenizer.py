"""Settings of a tokenizer's training, the presets of AFM with what is known of each, and the card of what came out."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from schemas.model_card import TrainingFile
from schemas.strict import StrictModel

StratumColumn = Literal["source", "collection", "language"]


class TokenizerSettings(StrictModel):
    """What decides a tokenizer besides its texts.

    Always the same: byte-pair encoding by SentencePiece, each digit a token, characters outside the vocabulary as
    bytes, no normalisation, all white space kept (no space is added before a text, so that it comes back as it was),
    pieces of several spaces allowed, for code.
    """

    vocab_size: int = Field(ge=300, le=1 << 24)
    """Tokens in all: pieces, 256 bytes, and ``<unk>``, ``<s>``, ``</s>``."""
    sample_mb: int = Field(default=200, ge=1, le=8192)
    """Most text that is trained on, in MB (10^6 bytes of UTF-8); it is held in memory several times over."""
    stratify: tuple[StratumColumn, ...] = ("source", "collection")
    """Columns whose values together make a stratum of the sample."""
    temperature: float = Field(default=1, ge=1, le=100)
    """A stratum's share of the sample goes with its bytes to the power of one over this; 1: as in the corpus."""
    character_coverage: float = Field(default=0.9999, ge=0.9, le=1)
    """Share of all characters of the sample that get a piece of their own; the rest are bytes."""
    max_piece_length: int = Field(default=16, ge=1, le=64)
    """Longest piece, in characters."""
    seed: int = Field(default=0, ge=0)
    """Chooses the documents of the sample, with their ``doc_id``."""


class TokenizerPreset(StrictModel):
    """Settings, and for each statement about a published model what it rests on."""

    settings: TokenizerSettings
    evidence: tuple[str, ...]
    """Each begins with ``published:``, ``inferred:`` or ``ours:``."""


_SHARED: Final = (
    "published: byte-pair encoding by SentencePiece, numbers split into digits, byte fallback for unknown UTF-8, no "
    "Unicode normalisation (AFM 2024, section on the tokenizer)",
    "inferred: the flags of SentencePiece that say so (split_digits, byte_fallback, identity)",
    "ours: sample, character coverage, longest piece, no space before a text; Apple publishes none of them",
)

PRESETS: Final[Mapping[str, TokenizerPreset]] = {
    "afm-device": TokenizerPreset(
        settings=TokenizerSettings(vocab_size=49_152),
        evidence=(
            "published: a vocabulary of 49k for the model on devices (AFM 2024)",
            "inferred: 49,152, our reading of 49k (3 x 2^14); the exact number is not published",
            *_SHARED,
        ),
    ),
    "afm-server": TokenizerPreset(
        settings=TokenizerSettings(vocab_size=100_000),
        evidence=(
            "published: a vocabulary of 100k for the server model (AFM 2024)",
            "inferred: exactly 100,000",
            *_SHARED,
        ),
    ),
    "afm-2025": TokenizerPreset(
        settings=TokenizerSettings(
            vocab_size=150_000, stratify=("source", "collection", "language"), temperature=3.0, sample_mb=400
        ),
        evidence=(
            "published: a multilingual vocabulary of 150k (AFM 2025)",
            "inferred: exactly 150,000",
            "ours: languages weighted by temperature 3, as is common; Apple's weights are unknown",
            *_SHARED,
        ),
    ),
}
"""By the name that ``--preset`` takes."""


class SampledStratum(StrictModel):
    """What a stratum has, and what of it the tokenizer was trained on."""

    values: tuple[str, ...]
    """One for each column of ``stratify``; empty for null."""
    documents: int
    bytes: int
    """Text in UTF-8."""
    sampled_documents: int
    sampled_bytes: int


class TokenizerFile(StrictModel):
    """A file of a tokenizer."""

    path: str
    """Its name, next to the card."""
    bytes: int
    digest: str
    """Hex of xxh3-128."""


class TokenizerCard(StrictModel):
    """Everything that a user of a trained tokenizer has to know. The same request gives the same card."""

    version: Literal[1] = 1
    preset: str | None
    evidence: tuple[str, ...]
    """What of the settings is published, inferred, or our choice."""
    settings: TokenizerSettings
    vocab_size: int
    fingerprint: str
    """Of the ids, as token shards carry it."""
    model: TokenizerFile
    hugging_face: TokenizerFile
    """The same tokenizer for Hugging Face; it declares no special tokens, which would be found in texts."""
    compared_bytes: int
    """Text of the sample on which both gave the same ids."""
    files: tuple[TrainingFile, ...]
    strata: tuple[SampledStratum, ...]
    sample_digest: str
    """Hex of xxh3-128 over the ``doc_id``s of the sample, in its order."""
    library: str
    """Name and release of what trained it."""
    code_version: str


class TokenizerMeasures(StrictModel):
    """What a tokenizer makes of some texts."""

    group: str
    """``all``, ``language=en``, ``source=web`` ...; nothing after the sign where documents do not say."""
    documents: int
    bytes: int
    words: int
    """As documents are compared by: runs of letters and digits; of scripts without spaces, each letter."""
    tokens: int
    byte_tokens: int
    """Of these, single bytes of characters that the vocabulary lacks."""
    fertility: float
    """Tokens a word."""
    bytes_per_token: float
    baseline_bytes_per_token: float | None
    """The same of the baseline; null without one."""


class BrokenRoundTrip(StrictModel):
    """A text that does not come back."""

    doc_id: str
    position: int
    """The first character that differs."""
    text: str
    """Some characters from there on."""
    decoded: str
    """What came back in their place."""


class TokenizerReport(StrictModel):
    """How well a tokenizer fits a corpus, on a sample of its documents."""

    version: Literal[1] = 1
    tokenizer: str
    baseline: str | None
    vocab_size: int
    fingerprint: str
    sample_digest: str
    measures: tuple[TokenizerMeasures, ...]
    unused: int
    """Pieces that never came, without those for bytes and those that stand for no text."""
    unused_examples: tuple[str, ...]
    broken: int
    """Documents whose decoded tokens are another text."""
    first_broken: BrokenRoundTrip | None
