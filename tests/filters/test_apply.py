from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.apply import PreparedStep, measure_steps
from filters.batch import Batch, Measurement
from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.step import Step


class Length(Step):
    namespace: ClassVar[str] = "length"
    signals: ClassVar = (Signal("characters", pa.int64(), "characters", "length", "test"),)
    type: Literal["length"] = "length"
    characters: Bound | None = Bound(min=3)


class Gate(Length):
    gates: ClassVar[bool] = True


class Model(Length):
    is_model: ClassVar[bool] = True


class Cut(Length):
    """Cuts the last character."""


def length(batch: Batch) -> Measurement:
    return Measurement({"characters": pc.utf8_length(batch.text).cast(pa.int64())})


def cut(batch: Batch) -> Measurement:
    shorter = pc.utf8_slice_codeunits(batch.text, 0, -1)
    return Measurement(length(batch).signals, text=shorter, detail={"characters": batch.text.cast(pa.string())})


def batch_of(*texts: str) -> Batch:
    count = len(texts)
    return Batch(pa.array(texts, pa.large_string()), pa.array(["u"] * count), pa.nulls(count, pa.string()))


def characters(found, name):
    return pc.struct_field(found.signals[name], "characters").to_pylist()


def test_every_step_measures_every_document_by_default():
    steps = [PreparedStep(Length(name="one"), length), PreparedStep(Length(name="two"), length)]
    found = measure_steps(batch_of("a", "abcd"), steps, measure_all=False)
    assert characters(found, "two") == [1, 4]


def test_what_a_gate_drops_is_not_measured_later():
    steps = [PreparedStep(Gate(name="gate"), length), PreparedStep(Length(name="later"), length)]
    found = measure_steps(batch_of("a", "abcd", "b"), steps, measure_all=False)
    assert characters(found, "gate") == [1, 4, 1]
    assert characters(found, "later") == [None, 4, None]


def test_a_model_measures_only_what_is_still_kept():
    steps = [PreparedStep(Length(name="cheap"), length), PreparedStep(Model(name="model"), length)]
    found = measure_steps(batch_of("abcd", "a", "xyz"), steps, measure_all=False)
    assert characters(found, "model") == [4, None, 3]


def test_measure_all_measures_all():
    steps = [PreparedStep(Gate(name="gate"), length), PreparedStep(Model(name="model"), length)]
    found = measure_steps(batch_of("a", "abcd"), steps, measure_all=True)
    assert characters(found, "model") == [1, 4]


def test_later_steps_measure_the_edited_text():
    steps = [PreparedStep(Cut(name="cut"), cut), PreparedStep(Length(name="later"), length)]
    found = measure_steps(batch_of("abcd", "ab"), steps, measure_all=False)
    assert characters(found, "later") == [3, 1]
    assert found.text.to_pylist() == ["abc", "a"]
    assert found.details["cut.characters"].to_pylist() == ["abcd", "ab"]


def test_edits_behind_a_gate_reach_the_right_documents():
    steps = [
        PreparedStep(Gate(name="gate"), length),
        PreparedStep(Cut(name="cut"), cut),
        PreparedStep(Cut(name="c2"), cut),
    ]
    found = measure_steps(batch_of("a", "abcd", "b", "wxyz"), steps, measure_all=False)
    assert found.text.to_pylist() == ["a", "ab", "b", "wx"]
    assert characters(found, "c2") == [None, 3, None, 3]


def test_batches_can_be_cut_without_changing_a_measure():
    texts = [chr(97 + i % 26) * (i % 7) for i in range(50)]
    steps = [
        PreparedStep(Gate(name="gate"), length),
        PreparedStep(Cut(name="cut"), cut),
        PreparedStep(Model(name="m"), length),
    ]
    whole = measure_steps(batch_of(*texts), steps, measure_all=False)
    parts = [measure_steps(batch_of(*texts[i : i + 7]), steps, measure_all=False) for i in range(0, 50, 7)]
    for name in ("gate", "cut", "m"):
        assert characters(whole, name) == [value for part in parts for value in characters(part, name)]
    assert whole.text.to_pylist() == [text for part in parts for text in part.text.to_pylist()]


def test_an_empty_selection_is_no_error():
    steps = [PreparedStep(Gate(name="gate"), length), PreparedStep(Cut(name="cut"), cut)]
    found = measure_steps(batch_of("a", "b"), steps, measure_all=False)
    assert characters(found, "cut") == [None, None]
    assert np.array_equal(found.text.to_pylist(), ["a", "b"])
