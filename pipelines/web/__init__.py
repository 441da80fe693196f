"""The web pipeline: pages in, documents out.

`stages` holds the stages, `chain` puts them in order.
"""
