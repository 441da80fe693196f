"""Rules on the address of a page, and its canonical form.

`blocklist` measures, `lists` reads UT1 lists, `compiled` keeps them as memory-mapped hashes, `canonical` writes URIs.
"""
