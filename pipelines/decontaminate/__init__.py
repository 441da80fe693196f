"""Keeping benchmarks out of a corpus: from benchmark files to an index, and the proof that it finds what it should.

`files` and `rows` read benchmarks, `build` writes the index, `describe` looks at one; `self_test` plants items of
`plant`'s edits into documents of `documents`.
"""
