"""Training the block classifier: ``labels.py`` finds a page's true text among its blocks, ``words.py`` weighs what
authors call elements, ``stages.py`` grows the trees, ``train.py`` puts them together, ``card.py`` says how good they are.
"""
