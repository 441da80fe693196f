"""Whether files keep their contract: the first wrong file, row group, row, column and value.

`outputs` judges Orchard's own Parquet, `inputs` foreign files, `runs` the sums of a whole folder.
"""
