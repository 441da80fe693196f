"""Products: `answers` are the forms a teacher fills, `wording` says what is asked, `summary` is the sample that gates
judge, `summarise` is the task.
"""
