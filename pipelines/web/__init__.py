"""The web pipeline: extract, measure, decide.

Each stage is a file; `run` puts them into one Beam pipeline, `plan` says what it would do.
"""
