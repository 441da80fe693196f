"""How documents are written."""

from pydantic import Field

from schemas.strict import StrictModel


class WriteSettings(StrictModel):
    """The shape of the Parquet files."""

    row_group_mb: int = Field(default=32, ge=1, le=1024)
    """Size of a row group before compression, in MiB: what a reader holds in memory at a time (16 to 64 suits most)."""
    compression_level: int = Field(default=3, ge=1, le=22)
    """zstd level."""
