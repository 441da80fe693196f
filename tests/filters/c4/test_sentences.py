import numpy as np
import pyarrow as pa

from filters.c4.sentences import sentences_per_document
from filters.lexing.lines import Lines


def test_only_documents_with_few_lines_are_split():
    split = []

    def count(lines):
        split.extend(lines.to_pylist())
        return np.array([len(line) for line in lines.to_pylist()])

    text = pa.array(["aa", "", "bbbb", "c", "c", "c", "c", "c"], pa.large_string())
    lines = Lines(text, np.array([0, 0, 2, 3, 3, 8]))
    assert sentences_per_document(lines, count, limit=4).tolist() == [0, 3, 4, 0, 4]
    assert split == ["aa", "", "bbbb"]
