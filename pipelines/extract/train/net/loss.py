"""What the net is trained for: the right label of each block, and the F1 of the words of each page."""

# autograd fills its namespace when it is imported, which no type checker sees.
# pyright: reportAttributeAccessIssue=false

from dataclasses import dataclass
from typing import cast

import autograd.numpy as anp
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

OF_F1 = 2.0
"""How much the F1 of a page counts against the mean of its blocks' log loss."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is known of the blocks of a batch, float32[blocks] each but ``of_page``."""

    content: Floats
    weight: Floats
    """Their sum is 1 a page; 0 for a block of which nothing is known."""
    words: Floats
    """0 for a block of which nothing is known."""
    of_page: Floats
    """float32[pages, blocks]: 1 for the blocks of each page, else 0."""


def loss(logits: Floats, target: Target) -> Floats:
    """float32[]: the mean over pages of the weighted log loss, and of what the expected F1 lacks of 1.

    F1 of probabilities instead of decisions has a gradient (the soft Dice loss, Milletari et al. 2016,
    https://arxiv.org/abs/1606.04797), and is what extraction is judged by.
    """
    softplus = anp.maximum(logits, np.float32(0)) + anp.log1p(anp.exp(-anp.abs(logits)))
    log_loss = target.of_page @ ((softplus - logits * target.content) * target.weight)
    kept = target.words / (1 + anp.exp(-logits))
    right = target.of_page @ (kept * target.content)
    f1 = 2 * right / (target.of_page @ (kept + target.words * target.content) + 1)
    return cast(Floats, anp.mean(log_loss + OF_F1 * (1 - f1)))
