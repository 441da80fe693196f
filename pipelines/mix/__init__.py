"""From token shards to packed shards: what each stage of training reads, shuffled over all of it, in sequences.

`chain` puts the stages of `stages` in order; `reading` is for data loaders.
"""
