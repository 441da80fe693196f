"""Gates: pure checks on generated samples, each with a reason code, a score and its bound.

`gate` is the contract, `run` applies gates cheapest first, `waterfall` counts what each let pass.
"""
