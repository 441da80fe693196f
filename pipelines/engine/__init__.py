"""How stages run: shards, outputs, records of what is done, the Beam pipeline, progress.

Nothing here knows what a stage computes.
"""
