"""Cards of finished folders: README.md for Hugging Face, and croissant.json.

`folder` finds what is there, `page` and `header` make the README, `croissant` the other file; `write` writes both.
"""
