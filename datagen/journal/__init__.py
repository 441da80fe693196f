"""The memory of what was paid for: every answer is on disk before the next request is sent in its place.

`segment` is the files, `journal` finds and adds answers.
"""
