"""The error of an export that cannot begin."""

from filters.errors import SettingError


class ExportError(SettingError):
    """Inputs, settings or missing packages allow no export; the message names what to change."""
