"""The contracts: what a document, a verdict, a manifest and a recipe are.

Pydantic models and the Arrow schemas derived from them. Nothing here reads or writes data.
"""
