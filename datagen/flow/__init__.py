"""How a teacher is asked: as many requests at once as it serves, tries again, waits, and an end when it is dead.

`limit` is the concurrency, `backoff` the waits, `breaker` the end, `budget` what may be spent; `dispatcher` joins them.
"""
