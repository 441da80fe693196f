"""Tokenizers trained in a second or so, on texts of many scripts, for tests that need one."""

import io
import random
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import sentencepiece
import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

PROSE = (
    "the of and tokenizer training data model page language between evidence 2024 1,000 don't it's naïve façade über "
    "straße жизнь язык и не на λόγος και 中文 分词 模型 我们 语言 数据 的 是 日本語 モデル です これは 한국어 모델 "
    "def return self.value == None; for(int i=0;i<n;++i){ } // https://example.org/a_b?c=1&d=2 <p>text</p> \U0001f642 é"
)
WORDS = tuple(PROSE.split())


def sentences(seed: int, count: int = 300) -> list[str]:
    """Lines of these words, with the white space of prose and of code."""
    choice = random.Random(seed)
    return [
        choice.choice(("", "", "  ", "\t", "    ")) + choice.choice((" ", " ", "  ", "", "，")).join(
            choice.choices(WORDS, k=choice.randint(1, 20))
        ) + choice.choice(("", ".", "。", "\n"))
        for _ in range(count)
    ]  # fmt: skip


@cache
def sentencepiece_model(vocab_size: int = 900, **changes: object) -> bytes:
    """A small model as Orchard trains them; ``changes`` are other settings of the trainer."""
    model = io.BytesIO()
    settings = {
        "model_type": "bpe", "byte_fallback": True, "normalization_rule_name": "identity", "split_digits": True,
        "remove_extra_whitespaces": False, "add_dummy_prefix": False, "allow_whitespace_only_pieces": True,
        "character_coverage": 0.999, "hard_vocab_limit": False,
    }  # fmt: skip
    settings |= {name: list(value) if isinstance(value, tuple) else value for name, value in changes.items()}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences(0, 2000)), model_writer=model, vocab_size=vocab_size, minloglevel=2,
        num_threads=1, **settings,
    )  # fmt: skip
    return model.getvalue()


def byte_level(pattern: str | None = None, vocab_size: int = 900, texts: Sequence[str] = ()) -> tokenizers.Tokenizer:
    """A byte-level tokenizer that splits by ``pattern``; None: as GPT-2."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    last = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=pattern is None)
    tokenizer.pre_tokenizer = last if pattern is None else pre_tokenizers.Sequence([
        pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated"), last,
    ])  # fmt: skip
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(texts or sentences(0, 2000), trainer)
    return tokenizer


def data_of(tokenizer: tokenizers.Tokenizer) -> bytes:
    """The tokenizer.json."""
    return tokenizer.to_str().encode()


def by_text(ids: Iterable[int], offsets: Sequence[int]) -> list[list[int]]:
    """The ids of each text."""
    ids = list(ids)
    return [ids[start:end] for start, end in pairwise(offsets)]


def wide_tokenizer(vocab_size: int) -> bytes:
    """A tokenizer.json whose bytes are the last ids of a large vocabulary: the space has the very last one."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet(), key="Ġ".__eq__)
    unused = [f"unused {number}" for number in range(vocab_size - len(letters))]
    vocabulary = {name: number for number, name in enumerate([*unused, *letters])}
    tokenizer = tokenizers.Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return data_of(tokenizer)
