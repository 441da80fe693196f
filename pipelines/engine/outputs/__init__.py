"""What stages write: files that appear whole, Parquet shards, and the records of what is done.

`layout` says where everything lies in a run's folder.
"""
