"""The model of the engine ``orchard``: word weights, trees and a small net as arrays, read without pickle, and what
they say of a page's blocks. ``shipped/`` holds the model that comes with the package, and its card.
"""
