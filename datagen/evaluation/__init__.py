"""Evaluation sets (AFM R35): `overlap` keeps training data out, `choose` takes exactly so many of each stratum,
`frozen` says when a set has changed, `sheet` is what graders fill, `grades` adds up what they say.
"""
