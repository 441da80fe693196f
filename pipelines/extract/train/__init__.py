"""Training the block classifier: ``labels.py`` finds a page's true text among its blocks, ``words.py`` weighs what
authors call elements, ``grow.py`` grows trees, ``net/`` trains the net, ``stack.py`` cross-validates, ``train.py`` puts
it all together and ``card.py`` says how good it is.
"""
