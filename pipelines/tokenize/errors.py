"""The error of a tokenizer that cannot be trained, opened or used."""

from filters.errors import SettingError


class TokenizerError(SettingError):
    """Settings, files or texts cannot make a tokenizer; the message names what to change."""
