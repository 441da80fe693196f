"""What to train the extractor on."""

from pathlib import Path

from pydantic import Field

from schemas.strict import StrictModel


class ExtractorRequest(StrictModel):
    """A training of the block classifier."""

    pages: tuple[str, ...] = Field(min_length=1)
    """Paths or patterns of the WARC files that hold the pages, with labels and without."""
    truth: tuple[str, ...] = Field(min_length=1)
    """Paths or patterns of the labels (``pipelines.extract.labels``)."""
    index: tuple[str, ...] = ()
    """Paths or patterns of files that say source, site and kind of page, where labels do not."""
    only_measure: tuple[str, ...] = ()
    """Sources to measure on and never train on, such as those whose licence forbids it."""
    weak: bool = True
    """Learn also from pages whose full text is not known, or that have no label, by what extractors agree on (three
    times as slow)."""
    out: Path
    """The folder that the model and its card are written to."""
    overwrite: bool = False
    """Replace a model that is there."""
    seed: int = Field(default=0, ge=0)
    """Chooses the folds and the rows of every tree."""
