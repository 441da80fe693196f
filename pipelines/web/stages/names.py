"""The folders that the web pipeline's stages hand one another."""

EXTRACTED = "stages/extract"
MEASURED = "stages/measure"
