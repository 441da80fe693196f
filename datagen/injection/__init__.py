"""Prompt injection (AFM R34): `families` are the attacks, `twin` plants one in a clean payload. `detect` finds payloads
that speak to the model, by the `features` of the sentences that `units` gives; `screen` marks or drops them in a run.
"""
