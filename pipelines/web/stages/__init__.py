"""The stages of the web pipeline, a file each: `extract`, `measure`, `decide`; `thresholds` stands between the last.

The other files are what they share.
"""
