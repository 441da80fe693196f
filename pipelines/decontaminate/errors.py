"""The error of benchmark files that cannot become an index."""

from filters.errors import SettingError


class BenchmarkError(SettingError):
    """A benchmark file or one of its rows cannot be read; the message names file, row and field, and the way out."""
