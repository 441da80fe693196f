"""Reading: from input files to records, dead letters and skipped records.

``files`` finds the inputs, ``read`` reads one; ``raw`` deals with broken bytes, ``decode`` with charsets.
"""
