"""Where texts are cut into segments, and how these are numbered and encoded.

`boundaries` has the rules with their proofs, for a vocabulary or one of the `patterns`; `segments` is the kernel that
cuts and numbers, `merging` the one that encodes by `merges` what is one of the `words`.
"""
