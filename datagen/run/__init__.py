"""A generation run: `inputs` finds files, `session` opens teacher and journal, `ask` and `sort` do the work of a shard,
`stage` is the engine's view of it, `plan`, `run` and `report` are the job around it.
"""
