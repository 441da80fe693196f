"""The contracts of the summarisation task: `product` says what a summary must be, `gates` which bounds it is judged by,
`recipe` puts them together with the payloads, `row` is what training reads.
"""
