"""MinHash: documents that share most of their passages, found through signatures, verified by true Jaccard similarity.

`shingles` (of `characters`, `code_tokens` or normal words) are passages as hashes; `signature` (by `permutations`) and
`bands` find candidates, `curve` says how many of them; `jaccard` compares two, `verify` a bucket of candidates.
"""
