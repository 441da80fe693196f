"""DCLM's variants of Gopher's rules: `quality`, `repetition` (counted by `kernels`), and `urls`, which cuts addresses.

The other half of its RefinedWeb pipeline is `filters.refinedweb`.
"""
