"""The contracts of the summarisation task: `product` says what a summary must be, `answers` are the forms a teacher
fills, `example` shows it one, `gates` sets the bounds, `recipe` puts all together, `row` is what training reads.
"""
