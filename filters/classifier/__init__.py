"""Quality and safety classifiers: a fastText model's probability of one label, for a document or each sentence.

`model` loads one, `normalisation` is what it reads, `document` and `sentences` are the two measures.
"""
