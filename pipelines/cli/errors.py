"""Which errors a user can act on."""

CONFIGURATION = 2
WORK = 1

_CODES = {
    "RecipeError": CONFIGURATION,
    "InputError": CONFIGURATION,
    "ForeignOutputError": CONFIGURATION,
    "SettingError": CONFIGURATION,
    "RunError": WORK,
    "OutputError": WORK,
    "NotAnonymised": CONFIGURATION,
    "TeacherError": WORK,
    "JournalError": WORK,
    "UnknownFormat": CONFIGURATION,
}


def exit_code(error: Exception) -> int | None:
    """The exit code of an expected error, by the names of its classes (importing them would be slow); else None."""
    return next((_CODES[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _CODES), None)
