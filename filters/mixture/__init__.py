"""Mixtures: which documents a stage of training reads, how often, and in which order.

Everything hangs on hashes of `doc_id`: neither shards nor their order play a part, and less is always part of more.
"""
