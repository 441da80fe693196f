"""Generation: a task turns payloads into prompts, a teacher answers, gates decide what is good enough.

`payloads/` reads and anonymises what is to be summarised, `products/` says what a summary must be, `gates/` judges,
`injection/` makes and finds attacked payloads, `evaluation/` keeps frozen test sets and adds up their grades.
"""
