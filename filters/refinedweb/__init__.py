"""RefinedWeb's corrections of a page.

`lines` is the measure, `facts` counts the characters of lines, `corrections` chooses lines, `phrases` cuts phrases.
"""
