"""Gates that hold the answer against the payload: numbers, names, addresses, support, negation, roles, coverage.

What they find is lexical. Of faults that use only what the payload has they find some; the rest is for `models/`.
"""
