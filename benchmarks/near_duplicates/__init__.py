"""What `benchmarks.dedup` measures with: an exhaustive search for similar documents, and what each program found.

`exhaustive` is the truth (by our words or `plain_words`), `found` reads the outcome of a run, `figures` compares the
two, `labels` knows pages that were captured twice.
"""
