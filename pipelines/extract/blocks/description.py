"""What a page says of itself in ``<meta name=description>``."""

import numpy as np
from numba import uint64

from filters.kernel import leaf
from pipelines.extract.blocks.markup import GREATER, SLASH, is_space, read_attribute_name, read_value
from pipelines.extract.blocks.parse import Integer, Source
from pipelines.extract.blocks.tags import OFFSET, PRIME, TAG, name_hash
from pipelines.extract.blocks.tokens import END, KIND, NUMBER, OPEN, START, Table

META = TAG["meta"]
NAME, PROPERTY, CONTENT = (name_hash(name) for name in (b"name", b"property", b"content"))
DESCRIPTION, OF_GRAPH = name_hash(b"description"), name_hash(b"og:description")


@leaf
def find_description(source: Source, tokens: Table) -> tuple[int, int]:
    """Begin and end in ``source`` of the first description that is not empty; both 0 where there is none."""
    for token in range(len(tokens) - 1):
        if tokens[token, KIND] == OPEN and tokens[token, NUMBER] == META:
            begin, end = _content(source, tokens[token, START] + len("<meta"), tokens[token, END])
            if end > begin:
                return begin, end
    return 0, 0


@leaf
def _content(source: Source, position: int, length: int) -> tuple[int, int]:
    """Begin and end of the ``content`` of a tag whose name or property is a description; else both 0."""
    content = (0, 0)
    is_description = False
    while position < length:
        byte = source[position]
        if byte == GREATER:
            break
        if is_space(byte) or byte == SLASH:
            position += 1
            continue
        attribute, position = read_attribute_name(source, position, length)
        begin, end, position = read_value(source, position, length)
        if attribute == uint64(CONTENT):
            content = (begin, end)
        elif attribute == uint64(NAME) or attribute == uint64(PROPERTY):
            value = _hash(source, begin, end)
            is_description = is_description or value == uint64(DESCRIPTION) or value == uint64(OF_GRAPH)
    return content if is_description else (0, 0)


@leaf
def _hash(source: Source, begin: int, end: int) -> Integer:
    """That of an attribute's value in lower case (``tags.name_hash``)."""
    value = uint64(OFFSET)
    for position in range(begin, end):
        byte = np.int64(source[position])
        value = (value ^ uint64(byte | 0x20 if 0x41 <= byte <= 0x5A else byte)) * uint64(PRIME)
    return value
