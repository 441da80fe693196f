"""The S-curve as text, to look at before a run."""

import numpy as np

from filters.minhash.curve import candidate_probability, half_found

HEIGHT, STEPS, WIDTH = 10, 10, 6
"""Lines of the drawing, labelled steps of similarity along it, and characters in a step."""

_BLOCKS = " ▁▂▃▄▅▆▇█"
_PLAIN = " .:#"


def draw_curve(bands: int, rows: int, min_jaccard: float | None, *, unicode: bool = True) -> str:
    """Lines of at most 70 characters: the curve, its scale, and a sentence with the figures that matter.

    ``unicode=False`` draws with ASCII alone. ``min_jaccard`` is the similarity that verified pairs have.
    """
    shades = _BLOCKS if unicode else _PLAIN
    similarity = (np.arange(STEPS * WIDTH) + 0.5) / (STEPS * WIDTH)
    heights = np.rint(candidate_probability(similarity, bands, rows) * HEIGHT * (len(shades) - 1)).astype(int)
    lines = [_line(heights, row, shades) for row in reversed(range(HEIGHT))]
    labels = {HEIGHT - 1: "100 %", HEIGHT // 2 - 1: " 50 %", 0: "  0 %"}
    side, corner, edge = ("│", "└", "─") if unicode else ("|", "+", "-")
    drawn = [
        f"{labels.get(row, ''):>5} {side}{line}".rstrip()
        for row, line in zip(reversed(range(HEIGHT)), lines, strict=True)
    ]
    scale = "".join(f"{step / STEPS:<{WIDTH}g}" for step in range(STEPS + 1))
    return "\n".join(
        [*drawn, f"      {corner}{edge * STEPS * WIDTH}", f"       {scale}".rstrip(), *_words(bands, rows, min_jaccard)]
    )


def _line(heights: np.ndarray, row: int, shades: str) -> str:
    """One line of the drawing, ``row`` from the bottom: full blocks below the curve, a part of one at it."""
    full = len(shades) - 1
    return "".join(shades[level] for level in np.clip(heights - row * full, 0, full))


def _words(bands: int, rows: int, min_jaccard: float | None) -> list[str]:
    marks = sorted({0.5, 0.6, 0.7, 0.8, 0.9} | ({min_jaccard} if min_jaccard else set()))
    found = candidate_probability(marks, bands, rows)
    return [
        "       Jaccard similarity; height: pairs that become candidates",
        f"{bands} bands of {rows} rows find half of the pairs with Jaccard {half_found(bands, rows):.2f};",
        "found of pairs with " + ", ".join(f"{s:g}: {p:.0%}" for s, p in zip(marks, found.tolist(), strict=True)),
        f"kept as duplicates: verified with Jaccard >= {min_jaccard:g}"
        if min_jaccard
        else "not verified: every candidate counts",
    ]
