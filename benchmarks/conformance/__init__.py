"""Does Orchard decide as the published reference code does? One text, one verdict, compared by rule.

`texts` builds the texts, `record` runs a reference on them in its own environment, `compare` runs ours and lists where
they differ; `families` says which of our rules a reference's reason stands for. See the README beside this file.
"""
