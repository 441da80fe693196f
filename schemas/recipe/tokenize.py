"""Which documents are tokenized by what."""

from schemas.recipe.foreign import Foreign
from schemas.recipe.write import WriteSettings
from schemas.strict import StrictModel


class Tokenize(StrictModel):
    """The settings of a tokenization, as its manifest keeps them."""

    name: str = "tokenize"
    """What was done."""
    tokenizer: str
    """A ``*.model``, a ``tokenizer.json``, a folder with one, or ``tiktoken:NAME``."""
    foreign: Foreign | None = None
    """What files of others are; null: there are none."""
    write: WriteSettings = WriteSettings()
    """How token shards are written."""
