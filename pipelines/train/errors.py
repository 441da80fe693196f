"""The error of a training that cannot give a model."""

from filters.errors import SettingError


class TrainingError(SettingError):
    """The request, its files or their texts cannot make a classifier; the message names what to change."""
