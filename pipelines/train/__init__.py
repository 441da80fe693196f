"""Training of small classifiers from labelled texts: examples, split, training, metrics, model card.

`classifier` does it from request to card; the other files are its steps.
"""
