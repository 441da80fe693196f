"""What files of others are taken for, which do not say themselves what their texts are."""

from pydantic import Field

from schemas.document import SourceClass
from schemas.recipe.read import ReadSettings
from schemas.strict import StrictModel


class Foreign(StrictModel):
    """The source class and the collection of texts in Parquet or JSONL that Orchard has not written."""

    source: SourceClass
    """Source class, which mixtures choose by."""
    collection: str = Field(min_length=1)
    """The name of the corpus."""
    read: ReadSettings = ReadSettings()
    """Which columns hold what, and how much of a record is read."""
