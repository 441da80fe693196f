"""C4: rules on lines and pages (`quality`) and bad words (`bad_words`).

`lines` splits and counts, `sentences` counts sentences up to a limit, with `punkt` or spaCy.
"""
