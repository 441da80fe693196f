"""From documents to a tokenizer: sample, training, export, card."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import sentencepiece
import xxhash

from pipelines.engine.version import code_version
from pipelines.tokenize.cached import CachedTokenizer
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.export import hugging_face_json
from pipelines.tokenize.libraries.huggingface import HuggingFaceLibrary
from pipelines.tokenize.libraries.sentencepiece import SentencePieceLibrary
from pipelines.tokenize.open import HUGGING_FACE_NAME, MODEL_NAME
from pipelines.tokenize.sample import Report, Sample, sample_texts
from schemas.model_card import CARD_NAME
from schemas.tokenizer import TokenizerCard, TokenizerFile, TokenizerSettings

LINE_CHARACTERS = 10_000
"""Longer lines are cut: SentencePiece leaves out what is longer than its limit."""
COMPARED_BYTES: Final = 4_000_000
"""Text of the sample on which the two files are compared before they are written."""


@dataclass(frozen=True)
class TokenizerRequest:
    """A training of a tokenizer."""

    inputs: tuple[str, ...]
    """Paths or globs of documents."""
    settings: TokenizerSettings
    out: Path
    preset: str | None = None
    evidence: tuple[str, ...] = ()
    overwrite: bool = False


def train_tokenizer(request: TokenizerRequest, report: Report) -> TokenizerCard:
    """Train, export, compare, and write both files and the card. The same request gives the same bytes.

    Raises ``InputError`` or ``TokenizerError`` where files, texts or settings give no tokenizer; nothing is written
    then.
    """
    with _folder(request) as folder:
        sample = sample_texts(request.inputs, request.settings, report)
        texts = [document.text for document in sample.documents]
        size = sum(stratum.sampled_bytes for stratum in sample.strata)
        report(f"training on {len(texts):,} documents, {size / 1e6:.1f} MB")
        model = train_model(texts, request.settings)
        library = SentencePieceLibrary(model, MODEL_NAME)
        report("exporting, and comparing the ids of both files")
        exported = hugging_face_json(library)
        compared = _compare(library, exported, texts)
        card = _card(request, sample, (library, model, exported), compared)
        contents = {MODEL_NAME: model, HUGGING_FACE_NAME: exported}
        contents[CARD_NAME] = card.model_dump_json(indent=2).encode() + b"\n"
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        for name in contents:
            (folder / name).replace(request.out / name)
    return card


def train_model(texts: Sequence[str], settings: TokenizerSettings) -> bytes:
    """The SentencePiece model of these texts. Raises TokenizerError where they are too few for the vocabulary."""
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=_lines(texts),
            model_writer=model,
            model_type="bpe",
            vocab_size=settings.vocab_size,
            split_digits=True,
            byte_fallback=True,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            add_dummy_prefix=False,
            allow_whitespace_only_pieces=True,
            character_coverage=settings.character_coverage,
            max_sentencepiece_length=settings.max_piece_length,
            max_sentence_length=4 * LINE_CHARACTERS,
            num_threads=1,
            minloglevel=2,
        )
    except RuntimeError as error:
        raise TokenizerError(_explained(str(error), settings, sum(map(len, texts)))) from error
    return model.getvalue()


def _lines(texts: Sequence[str]) -> Iterator[str]:
    """Their lines, without the ends: SentencePiece would not make pieces of these."""
    for text in texts:
        for line in text.split("\n"):
            for start in range(0, len(line), LINE_CHARACTERS):
                yield line[start : start + LINE_CHARACTERS]


def _explained(message: str, settings: TokenizerSettings, characters: int) -> str:
    most = re.search(r"value <= (\d+)", message)
    if most:
        return (
            f"too little text for {settings.vocab_size:,} tokens: the sample of {characters:,} characters has material "
            f"for {int(most[1]):,}. Give more documents (or a larger --sample-mb), or --vocab-size {most[1]}"
        )
    if "required_chars" in message:
        return (
            f"--vocab-size {settings.vocab_size:,} has no room for the characters of the sample; give more, or a lower "
            f"--character-coverage (sentencepiece: {message.splitlines()[-1]})"
        )
    return f"sentencepiece cannot train on these texts: {message}"


@contextmanager
def _folder(request: TokenizerRequest) -> Iterator[Path]:
    """A folder inside ``out`` to write in first, gone afterwards. Raises TokenizerError."""
    out = request.out
    if (out / CARD_NAME).exists() and not request.overwrite:
        raise TokenizerError(f"{out} already has a tokenizer; give another --out, or --overwrite")
    try:
        out.mkdir(parents=True, exist_ok=True)
        inner = TemporaryDirectory(dir=out, prefix=".training-")
    except OSError as error:
        raise TokenizerError(f"cannot write to {out}: {error.strerror}; give another --out") from error
    with inner as name:
        yield Path(name)


def _compare(library: SentencePieceLibrary, exported: bytes, texts: Sequence[str]) -> int:
    """Bytes of text on which both give the same ids. Raises TokenizerError for a text where they do not."""
    other = HuggingFaceLibrary(exported, HUGGING_FACE_NAME)
    compared = 0
    for text in texts:
        if compared >= COMPARED_BYTES:
            break
        if library.encode([text]) != other.encode([text]):
            raise TokenizerError(f"{MODEL_NAME} and {HUGGING_FACE_NAME} differ on the text that begins {text[:80]!r}")
        compared += len(text.encode())
    return compared


def _card(
    request: TokenizerRequest, sample: Sample, made: tuple[SentencePieceLibrary, bytes, bytes], compared: int
) -> TokenizerCard:
    library, model, exported = made
    return TokenizerCard(
        preset=request.preset,
        evidence=request.evidence,
        settings=request.settings,
        vocab_size=library.vocab_size,
        fingerprint=CachedTokenizer(library).fingerprint,
        model=_file(MODEL_NAME, model),
        hugging_face=_file(HUGGING_FACE_NAME, exported),
        compared_bytes=compared,
        files=sample.files,
        strata=sample.strata,
        sample_digest=sample.digest,
        library=f"sentencepiece {version('sentencepiece')}",
        code_version=code_version(),
    )


def _file(name: str, content: bytes) -> TokenizerFile:
    return TokenizerFile(path=name, bytes=len(content), digest=xxhash.xxh3_128_hexdigest(content))
