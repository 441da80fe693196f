"""The memory of what was paid for: every answer is handed to the system as it arrives.

`journal` finds and adds answers; `segment` is a line, `local` and `objects` are where lines lie, `lock` keeps runs
apart.
"""
