"""The extraction engines: each module has ``prepare(settings)``, which returns a pure function of one page."""
