"""Prompt injection (AFM R34): `families` are the attacks, `twin` plants one in a clean payload, `detect` finds payloads
that speak to the model, `features` is what it looks at.
"""
