"""A job: a recipe on inputs, from the plan to the manifest.

`plan` looks at inputs and folder, `run` runs what is not done; `manifests`, `funnel` and `estimate` give the account.
"""
