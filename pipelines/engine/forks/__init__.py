"""Processes forked from one that has everything in memory already: a worker is there in milliseconds.

`server` is that process, `client` the way to it; `environment` lets Beam's local runner start its workers so.
"""
