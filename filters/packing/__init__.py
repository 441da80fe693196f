"""Packing: documents put together into training sequences of one length, without losing a token.

Everything is arithmetic over lengths; tokens are moved once, at the end, by `fill`.
"""
