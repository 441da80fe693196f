"""The stages of deduplication, in order: `sign`, then `keys` and `groups` for each comparison by key, then for MinHash
`bands`, `candidates`, `components`, `shingles` and `clusters`; `apply` writes what is kept and what is dropped.
"""
