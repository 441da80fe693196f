"""The web pipeline: what `orchard run` runs and `orchard plan` looks at.

`stages` holds the stages, `chain` puts them in order, `run` runs them; `funnel` and `estimate` tell the user.
"""
