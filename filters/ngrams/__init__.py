"""Word n-grams of benchmarks: which a benchmark has, where a document holds one, and what is left without it.

`select` takes n-grams from items, `index` makes them searchable, `index_file` keeps them; `match` finds, `collisions`
counts and judges, `cut` takes passages out. `hashing` is what they agree on.
"""
