"""Personal data: `windows` finds where it may stand in a batch, one module a kind decides, `redact` replaces it."""
