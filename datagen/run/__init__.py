"""A generation run: `chain` are its phases, made of `stages`; `plan`, `run`, `manifest`, `report` the job around it.

`asking` is all that a worker process asks, `ask` the order in which its shards do, `courier` the process that asks the
teacher for it, with what `session` holds open; `sort` is what becomes of answers.
"""
