"""What is asked of a teacher and what comes back, and the settings of a generation run.

`request` and `response` are the contracts, `teacher`, `flow` and `recipe` the parts of a recipe.
"""
