"""A generation run: `chain` are its phases, made of `stages`; `plan`, `run`, `manifest`, `report` the job around it.

`asking` is the one session of a worker process, `ask` the order in which shards ask, `sort` what becomes of answers.
"""
