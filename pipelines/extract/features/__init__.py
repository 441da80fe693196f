"""What the block classifier looks at: numbers for each block, from its text, its place, the elements around it and the
rest of the page. ``table.py`` puts them together; no feature knows a language.
"""
