"""Evaluation sets (AFM R35): `overlap` keeps training data out, `choose` takes exactly so many of each stratum,
`frozen` says when a set has changed, `answer` is how systems answer it, `sheet` is what graders fill, `report/` adds
up what they say.
"""
