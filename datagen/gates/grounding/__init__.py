"""Gates that hold the answer against the payload: numbers, names, addresses, support, negation, coverage.

What they find is lexical: a fault that uses only words of the payload in a likely order is for the gates in `models/`.
"""
