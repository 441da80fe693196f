"""Export: shards in the formats that trainers read, a shard at a time.

`formats/` has one file for each format, `registry` their names; `stage` writes shards, `join` what is over all of them;
`plan` looks at inputs and settings before any work.
"""
