"""The folders of a web run, and the names of its stages."""

EXTRACTED = "stages/extract"
MEASURED = "stages/measure"
KEPT = "kept"
DROPPED = "dropped"
DEAD_LETTERS = "dead-letters"
