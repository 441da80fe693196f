"""The rules of Gopher (https://arxiv.org/abs/2112.11446, section A.1): quality and repetition.

`quality` and `repetition` measure, `kernels` count repeated lines and n-grams.
"""
