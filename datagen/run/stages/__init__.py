"""The stages of a generation: `payloads` reads, `prepare` replaces personal data, `generate` asks and judges, `keep`
writes what is left. `documents` is how payloads and samples are compared, `outputs` what `generate` writes.
"""
