"""Tokenizers: trained from a sample of documents, exported, reported on, and used.

`tokenizer` is the interface, `open` finds the right one for a file, `libraries/` holds those that do the encoding;
`boundaries`, `segments` and `cached` make it fast: what repeats is encoded once.
"""
