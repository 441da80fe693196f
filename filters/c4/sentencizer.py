"""Counts English sentences as spaCy's rule-based sentencizer does, on words that are lexed already."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.kernel import kernel
from filters.lexing.patterns import SPACE
from filters.lexing.words import lex

# spaCy 3.8, Sentencizer.default_punct_chars: the characters that end a sentence, in all scripts.
END_MARKS = frozenset(
    "!.?։؟۔܀܁܂߹।॥၊။።፧፨᙮᜵᜶᠃᠉᥄᥅᪨᪩᪪᪫᭚᭛᭞᭟᰻᰼᱾᱿‼‽⁇⁈⁉⸮⸼꓿꘎꘏꛳꛷꡶꡷꣎꣏꤯꧈꧉꩝꩞꩟꫰꫱꯫﹒﹖﹗！．？𐩖𐩗𑁇𑁈𑂾𑂿𑃀𑃁𑅁𑅂𑅃𑇅𑇆𑇍𑇞𑇟𑈸𑈹𑈻𑈼𑊩"
    "𑑋𑑌𑗂𑗃𑗉𑗊𑗋𑗌𑗍𑗎𑗏𑗐𑗑𑗒𑗓𑗔𑗕𑗖𑗗𑙁𑙂𑜼𑜽𑜾𑩂𑩃𑪛𑪜𑱁𑱂𖩮𖩯𖫵𖬷𖬸𖭄𛲟𝪈｡。"
)
OTHER, PUNCTUATION, END = 0, 1, 2

NO_BLANK = r"[\t-\r\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
WIDE_SPACE = rf"{SPACE}{{2,}}|{NO_BLANK}"
"""White space that is a word of its own for spaCy: all but a single blank."""
SOME_WORD = " a "


def count_sentencizer_sentences(lines: pa.LargeStringArray) -> np.ndarray:
    """The number of sentences in each line (int64[lines]): one more for every word that follows an end mark.

    An end mark is a word of its own for spaCy's English tokenizer (not that of ``Dr.``); punctuation does not begin a
    sentence.
    """
    words = lex(pc.replace_substring_regex(lines, WIDE_SPACE, SOME_WORD), "spacy-en")
    distinct, positions = np.unique(words.ids, return_inverse=True)
    kinds = np.array([kind(words.vocabulary.strings[word]) for word in distinct], dtype=np.int8)
    return _count(kinds[positions], words.offsets)


def kind(word: str) -> int:
    """Whether a word ends a sentence, is other punctuation, or neither."""
    if word in END_MARKS:
        return END
    return PUNCTUATION if all(unicodedata.category(character)[0] == "P" for character in word) else OTHER


@kernel
def _count(kinds: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    sentences = np.zeros(len(offsets) - 1, dtype=np.int64)
    for line in range(len(sentences)):
        ended = False
        sentences[line] = offsets[line + 1] > offsets[line]
        for word in range(offsets[line], offsets[line + 1]):
            if kinds[word] == END:
                ended = True
            elif ended and kinds[word] == OTHER:
                sentences[line] += 1
                ended = False
    return sentences
