"""Tokenizers: trained from a sample of documents, exported, reported on, and used.

`tokenizer` is the interface, `open` finds the right one for a file, `libraries/` holds those that do the encoding;
`cached` and `cutting/` make it fast: what repeats is encoded once. `stage` is what `orchard tokenize` runs.
"""
