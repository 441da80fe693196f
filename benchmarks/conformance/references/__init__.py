"""Judges built from published code; each module imports only its reference."""
