"""From the bytes of a file to framed records, whatever is broken in it.

A file is a ``Source``; its compressed members come out of ``compression``, WARC records out of ``framing``.
"""
