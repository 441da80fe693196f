"""Our reading and scoring of fastText models: the same labels and scores as fastText on the same texts."""

import random
import string
from functools import cache

import pyarrow as pa
import pytest
from fasttext import train_supervised

from filters.batch import Batch
from filters.errors import SettingError
from filters.language.identify import default_model, load, prepare
from schemas.steps.language import Language

KINDS = {
    "tree": {"loss": "hs", "minn": 2, "maxn": 4, "bucket": 500},
    "softmax": {"loss": "softmax", "minn": 1, "maxn": 3, "bucket": 2_000},
    "words-alone": {"loss": "hs", "minn": 0, "maxn": 0},
    "quantised": {"loss": "hs", "minn": 2, "maxn": 3, "bucket": 1_000, "quantise": {"dsub": 3}},
    "pruned": {"loss": "softmax", "minn": 2, "maxn": 3, "bucket": 1_000, "quantise": {"cutoff": 300, "qnorm": True}},
    "output-too": {"loss": "hs", "minn": 2, "maxn": 3, "bucket": 1_000, "copies": 70, "quantise": {"qout": True}},
}
ALPHABETS = {"aa": string.ascii_lowercase, "bb": "αβγδεζηθ", "cc": "ñüß" + string.ascii_uppercase, "dd": "語言識別模型"}


def train(path, **options):
    """A model trained on the lines of a file; threads that race now and then make NaN of it."""
    for _ in range(10):
        try:
            return train_supervised(str(path), thread=12, verbose=0, **options)
        except RuntimeError:
            continue
    raise AssertionError("fastText made NaN of every model")


def sentence(letters, generator):
    return " ".join("".join(generator.choices(letters, k=generator.randint(1, 9))) for _ in range(12))


@pytest.fixture(scope="module", params=KINDS)
def trained(request, tmp_path_factory):
    """A small model of its kind, with its path."""
    options = dict(KINDS[request.param])
    quantise, copies = options.pop("quantise", None), options.pop("copies", 1)
    folder, generator = tmp_path_factory.mktemp("model"), random.Random(1)
    # Of each label another number of lines, as equal ones leave the tree open.
    lines = [
        f"__label__{label}{copy or ''} {sentence(letters, generator)}"
        for count, (label, letters) in enumerate(ALPHABETS.items(), 1)
        for copy in range(copies)
        for _ in range(70 * count // copies)
    ]
    (folder / "lines.txt").write_text("\n".join(lines), encoding="utf-8")
    model = train(folder / "lines.txt", dim=7, epoch=3, **options)
    if quantise is not None:
        model.quantize(str(folder / "lines.txt"), retrain=False, thread=1, verbose=0, **quantise)
    model.save_model(str(folder / "model"))
    return model, folder / "model"


@cache
def texts():
    generator = random.Random(2)
    plain = [sentence("".join(ALPHABETS.values())[i % 20 :: 3], generator) for i in range(200)]
    return [
        *plain,
        "",
        "one",
        "a\x00b\x0bc\x0cd\re\tf",
        "no-break\u00a0space and\u2003em space",
        f"{plain[0]} </s> {plain[1]}",
        f"__label__aa {plain[2]} __label__unknown __label__",
        "long" * 5_000 + " " + plain[3],
        "語" * 3_000,
        " ".join(plain[:50] * 20),
    ]


def test_scores_are_fasttexts(trained):
    model, path = trained
    batch = Batch(pa.array(texts(), pa.large_string()), pa.nulls(len(texts())), pa.nulls(len(texts()), pa.string()))
    signals = prepare(Language(keep=(), model=path))(batch).signals
    labels, scores = model.predict([text.replace("\n", " ") for text in texts()], k=-1)
    for row, (names, values) in enumerate(zip(labels, scores, strict=True)):
        expected = dict(zip(names, values, strict=True))
        assert signals["score"][row].as_py() == pytest.approx(values[0], abs=1e-5)
        for place in range(3):
            value = signals[f"top{place + 1}_score"][row].as_py()
            label = signals[f"top{place + 1}"][row].as_py()
            assert value == pytest.approx(values[place] if place < len(values) else None, abs=1e-5)
            assert label is None or expected[f"__label__{label}"] == pytest.approx(value, abs=1e-5)


def test_a_text_scores_the_same_whatever_came_before(trained):
    measure = prepare(Language(keep=(), model=trained[1]))

    def scores(rows):
        text = pa.array([texts()[row] for row in rows], pa.large_string())
        return measure(Batch(text, pa.nulls(len(text)), pa.nulls(len(text), pa.string()))).signals["score"].to_pylist()

    rows = list(range(len(texts())))
    assert scores(rows) == scores(rows[::-1])[::-1] == [scores([row])[0] for row in rows]


@pytest.mark.parametrize("size", [0, 7, 60, 5_000, 200_000, 900_000])
def test_a_file_that_is_cut_off_is_refused(tmp_path, size):
    (tmp_path / "cut.ftz").write_bytes(default_model().read_bytes()[:size])
    with pytest.raises(SettingError, match=r"cut\.ftz"):
        load(tmp_path / "cut.ftz")


def test_a_model_of_another_kind_is_refused(tmp_path):
    (tmp_path / "lines.txt").write_text("__label__a one two\n__label__b three four\n" * 20)
    train(tmp_path / "lines.txt", wordNgrams=2, bucket=100).save_model(str(tmp_path / "pairs.bin"))
    with pytest.raises(SettingError, match="single words"):
        load(tmp_path / "pairs.bin")
