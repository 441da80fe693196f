"""The stages of decontamination: hits of every shard, their counts over all, what becomes of documents, the report.

`base` is what they share; `collisions` and `decontaminate` work on shards, `common` and `report` on all at once.
"""
