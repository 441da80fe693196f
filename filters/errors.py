"""The error of a step that cannot be made ready."""


class SettingError(ValueError):
    """A setting of a recipe that cannot work (a missing list, an unknown code); the message names the way out."""
