"""A SentencePiece model as a tokenizer.json of Hugging Face, with the same ids."""

import json

from pipelines.tokenize.errors import TokenizerError
from pipelines.tokenize.libraries.huggingface import ESCAPE
from pipelines.tokenize.libraries.library import Whole
from pipelines.tokenize.libraries.model_file import UNKNOWN, UNUSED, USER_DEFINED, ranked_splits
from pipelines.tokenize.libraries.sentencepiece import SentencePieceLibrary


def hugging_face_json(library: SentencePieceLibrary) -> bytes:
    """The content of tokenizer.json. Raises TokenizerError for a model whose ids it could not give.

    No token is declared as special: SentencePiece never finds a control token in a text, and a declared one would be
    found (``</s>`` in a page about HTML would end the document).
    """
    cutting = library.cutting()
    if isinstance(cutting, Whole):
        raise TokenizerError(f"{library.name} cannot be exported with the same ids: {cutting.why}")
    model = library.model
    if any(piece.kind in (USER_DEFINED, UNUSED) for piece in model.pieces):
        raise TokenizerError(f"{library.name} cannot be exported with the same ids: it has pieces set by hand")
    unknown = next((piece.text for piece in model.pieces if piece.kind == UNKNOWN), None)
    content = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": ESCAPE,
        "pre_tokenizer": None,
        "post_processor": None,
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": ESCAPE["content"]}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": unknown,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": True,
            "ignore_merges": False,
            "vocab": {piece.text: number for number, piece in enumerate(model.pieces)},
            "merges": [(left, right) for _, left, right in ranked_splits(model)],
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
