"""Tokenizers of Hugging Face (tokenizer.json), encoded by the library tokenizers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version

import tokenizers
import xxhash

from pipelines.tokenize.cutting.boundaries import META, SPACE, by_pattern, by_vocabulary
from pipelines.tokenize.cutting.merges import BYTES, Merges, make_merges
from pipelines.tokenize.cutting.merging import is_word
from pipelines.tokenize.cutting.patterns import BYTE_LEVEL, PATTERNS, Pattern
from pipelines.tokenize.cutting.words import Words, words_of
from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.libraries.library import Cuttable, Whole

Part = Mapping[str, object]


class HuggingFaceLibrary:
    """A tokenizer.json of any kind."""

    def __init__(self, data: bytes, source: str) -> None:
        """``data`` is the file, ``source`` its name for messages. Raises TokenizerError."""
        try:
            self._tokenizer = tokenizers.Tokenizer.from_buffer(data)
            self._parts: dict[str, object] = json.loads(data)
        except ValueError as error:
            raise TokenizerError(f"{source}: {error}. Give a tokenizer.json of Hugging Face") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._vocabulary: dict[str, int] = self._tokenizer.get_vocab(with_added_tokens=True)
        self.vocab_size = max(self._vocabulary.values(), default=-1) + 1
        release = version("tokenizers")
        self.name = f"tokenizers {release}, {source}"
        self.identity = xxhash.xxh3_128_hexdigest(release.encode() + b"\0" + data)

    def cutting(self) -> Cuttable | Whole:
        """By the vocabulary where nothing splits a text before, else by the expression that does, if it is known."""
        model, added = _part(self._parts, "model"), _parts(self._parts, "added_tokens")
        contents = [str(token["content"]) for token in added]
        if model.get("type") != "BPE":
            return Whole("it is no byte-pair encoding")
        if model.get("dropout"):
            return Whole("it drops merges at random")
        if any(token.get(name) for token in added for name in ("lstrip", "rstrip", "single_word")):
            return Whole("what stands beside an added token matters")
        if model.get("continuing_subword_prefix") or model.get("end_of_word_suffix"):
            return Whole("its pieces mark where words begin or end")
        if self._parts.get("pre_tokenizer") is None:
            return self._without_pretokenizer(model, contents)
        return self._with_pretokenizer(model, contents)

    def _without_pretokenizer(self, model: Part, contents: Sequence[str]) -> Cuttable | Whole:
        if self._parts.get("normalizer") not in (None, ESCAPE):
            return Whole("it normalises texts")
        if not model.get("byte_fallback"):
            return Whole("unknown characters side by side may become one token without byte fallback")
        if model.get("ignore_merges"):
            return Whole("a text that is a token needs no merges")
        pieces = by_vocabulary([*self._vocabulary, *contents])
        merges = None if contents else self._merges_of_characters(model)
        return Cuttable(pieces, "cut where no piece of the vocabulary holds both characters", merges)

    def _merges_of_characters(self, model: Part) -> Merges | None:
        """None where a byte or the space has no token."""
        found = {ord(name): number for name, number in self._vocabulary.items() if len(name) == 1}
        space = META if self._parts.get("normalizer") == ESCAPE else SPACE
        byte_ids = [self._vocabulary.get(f"<0x{byte:02X}>", -1) for byte in range(BYTES)]
        if space not in found or min(byte_ids) < 0:
            return None
        return make_merges(self._ranked(model), found | {SPACE: found[space]}, byte_ids)

    def _ranked(self, model: Part) -> Iterator[tuple[int, int, int, int]]:
        """Left id, right id, rank, and the id of both, for each merge."""
        ids = self._vocabulary
        listed = model.get("merges")
        for rank, merge in enumerate(listed if isinstance(listed, list) else []):
            left, right = merge.split(" ") if isinstance(merge, str) else merge
            yield ids[left], ids[right], rank, ids[left + right]

    def _with_pretokenizer(self, model: Part, contents: Sequence[str]) -> Cuttable | Whole:
        if self._parts.get("normalizer") not in (None, {"type": "NFC"}):
            return Whole("it normalises texts")
        before = _part(self._parts, "pre_tokenizer")
        steps = _parts(before, "pretokenizers") if before.get("type") == "Sequence" else [before]
        pattern = _pattern(steps)
        if pattern is None:
            return Whole("what it splits texts by is not known to be safe")
        merges = self._merges_of_bytes(model, steps, words_of(pattern, split_digits=_has(steps, "Digits")), contents)
        boundaries = by_pattern(pattern, contents, self._tokens() if _has(steps, "ByteLevel") else ())
        return Cuttable(boundaries, "cut where its expression splits, too", merges)

    def _tokens(self) -> list[bytes]:
        """The bytes of each token whose letters stand for bytes."""
        byte_of = {letter: byte for byte, letter in enumerate(byte_letters())}
        return [bytes(byte_of[letter] for letter in name) for name in self._vocabulary if byte_of.keys() >= set(name)]

    def _merges_of_bytes(self, model: Part, steps: Sequence[Part], words: Words, added: Sequence[str]) -> Merges | None:
        """None where bytes are no letters of the vocabulary, words need no merges, or an added token may be inside."""
        byte_ids = [self._vocabulary.get(letter, -1) for letter in byte_letters()]
        if model.get("ignore_merges") or not _has(steps, "ByteLevel") or min(byte_ids) < 0:
            return None
        if any(content == " " or is_word(content, words) for content in added):
            return None
        return make_merges(self._ranked(model), {}, byte_ids, words)

    def encode(self, texts: list[str]) -> list[list[int]]:
        """The ids of each text."""
        return [found.ids for found in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]

    def decode(self, ids: Sequence[int]) -> str:
        """The text that tokens stand for."""
        return self._tokenizer.decode(list(ids), skip_special_tokens=False)

    def pieces(self) -> list[str]:
        """The tokens; empty for ids that are none."""
        names = [""] * self.vocab_size
        for name, number in self._vocabulary.items():
            names[number] = name
        return names

    def byte_ids(self) -> frozenset[int]:
        """The ids of ``<0x00>`` to ``<0xFF>`` where the model falls back to bytes; none where bytes are its letters."""
        if not _part(self._parts, "model").get("byte_fallback"):
            return frozenset()
        names = (f"<0x{byte:02X}>" for byte in range(256))
        return frozenset(self._vocabulary[name] for name in names if name in self._vocabulary)

    def markers(self) -> frozenset[int]:
        """The ids of special tokens, and of the one for what is unknown."""
        special = [str(token["content"]) for token in _parts(self._parts, "added_tokens") if token.get("special")]
        unknown = str(_part(self._parts, "model").get("unk_token"))
        return frozenset(self._vocabulary[name] for name in (*special, unknown) if name in self._vocabulary)


ESCAPE = {"type": "Replace", "pattern": {"String": chr(SPACE)}, "content": chr(META)}
"""The normalizer of a SentencePiece model that changes nothing."""


def _pattern(steps: Sequence[Part]) -> Pattern | None:
    """The expression, where texts are split by exactly one that is known, and maybe digit by digit."""
    found: list[Pattern] = []
    for step in steps:
        kind = step.get("type")
        if kind == "ByteLevel" and not step.get("add_prefix_space"):
            found += [PATTERNS[BYTE_LEVEL]] if step.get("use_regex", True) else []
        elif kind == "Split" and step.get("behavior") == "Isolated" and not step.get("invert"):
            expression = _part(step, "pattern").get("Regex")
            if not isinstance(expression, str) or expression not in PATTERNS:
                return None
            found.append(PATTERNS[expression])
        elif kind != "Digits":
            return None
    return found[0] if len(found) == 1 else None


def byte_letters() -> list[str]:
    """The letter that stands for each byte in byte-level vocabularies (GPT-2): itself where it can be seen."""
    seen = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = iter(range(BYTES, 2 * BYTES))
    return [chr(byte if byte in seen else next(hidden)) for byte in range(BYTES)]


def _has(steps: Sequence[Part], kind: str) -> bool:
    return any(step.get("type") == kind for step in steps)


def _part(parts: Part, name: str) -> Part:
    found = parts.get(name)
    return found if isinstance(found, dict) else {}


def _parts(parts: Part, name: str) -> list[Part]:
    found = parts.get(name)
    return found if isinstance(found, list) else []
