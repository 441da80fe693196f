"""Errors of generation that a user can act on."""


class TeacherError(Exception):
    """A teacher cannot be used at all (dead, not authorised, no such model); says what to do. It ends the run."""


class JournalError(Exception):
    """The journal cannot be used: another run has it, or it cannot be written. It ends the run."""


class BudgetReachedError(Exception):
    """What may be spent is spent. It ends no run: what was not asked counts as such."""
