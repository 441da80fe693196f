"""The pure core for documents: what is measured, and what a measure means.

Functions over Arrow batches; no Beam, no global state. Files and models are loaded by each family's `prepare`.
"""
