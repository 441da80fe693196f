"""Results that outlive the run."""

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.extraction.store import Store, StoreError


class Pair(NamedTuple):
    text: str
    number: float


@given(st.data())
def test_what_was_cut_off_is_made_anew(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("store") / "values.jsonl"
    texts = data.draw(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
    with Store(Pair, path) as store:
        for number, text in enumerate(texts):
            store.put(str(number), Pair(text, number / 2))
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    made = []

    def make(number: int) -> Pair:
        made.append(number)
        return Pair(texts[number], number / 2)

    ends = path.read_bytes().count(b"\n")
    for _ in range(2):
        with Store(Pair, path) as store:
            found = [store.remember(str(number), lambda number=number: make(number)) for number in range(len(texts))]
            assert found == [Pair(text, number / 2) for number, text in enumerate(texts)]
    assert made == list(range(ends, len(texts)))
    assert path.read_bytes() == whole


def test_another_file_is_refused_by_name_and_line(tmp_path: Path) -> None:
    path = tmp_path / "values.jsonl"
    path.write_text('["a", ["text", 1.5]]\n["b", 3]\n')
    with pytest.raises(StoreError, match=r"values\.jsonl:2: .*delete the file"):
        Store(Pair, path)
