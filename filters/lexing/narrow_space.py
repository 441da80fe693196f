"""The one white space at which Unicode word boundaries do not always break: ``10\u202f000`` is one word."""

NARROW_SPACE = "\u202f"
"""ExtendNumLet in UAX 29 (rules WB13a and WB13b), white space everywhere else."""

NARROW_SPACE_STAND_IN = "\ufdd0"
"""A noncharacter that keeps its place while texts are split at white space."""
