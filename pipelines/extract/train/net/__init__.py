"""Training of the net over the blocks of a page: ``forward`` is what it computes, for many pages at once and with
gradients; ``loss`` what it should be good at; ``fit`` the descent; ``grid`` brings its weights to what a file holds."""
