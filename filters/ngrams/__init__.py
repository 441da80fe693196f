"""Word n-grams of benchmarks: which a benchmark has, where a document holds one, and what is left without it.

`benchmarks` makes an index of items: `select` takes their n-grams, `index` makes them searchable, `index_file` keeps
them. `match` finds, `collisions` counts and judges, `passages` measures, `cut` takes passages out, `show` shows
them; `hashing` is shared.
"""
