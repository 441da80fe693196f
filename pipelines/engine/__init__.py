"""How stages run: shards, stages, the Beam pipeline, what is done already. Nothing here knows what a stage computes.

`outputs` holds the files of a run, `watch` what is seen of it while it goes on.
"""
