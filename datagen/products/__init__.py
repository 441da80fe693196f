"""Products: `wording` says what is asked, `guide` how long an answer may get, `summary` is the sample that gates judge,
`row` what is kept of it, `summarise` is the task.
"""
