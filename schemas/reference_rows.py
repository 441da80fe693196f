"""A row of the page of rules, and the families that rows stand in."""

from dataclasses import dataclass

from pydantic import BaseModel


@dataclass(frozen=True)
class Row:
    """A signal, with the rule on it if there can be one."""

    code: str
    """Path under ``signals``, and the code of the rule."""
    unit: str
    is_rule: bool
    """Whether a recipe can set a bound."""
    bound: str | None
    """The bound that holds without a recipe's word; null: none."""
    meaning: str
    source: str

    @property
    def default(self) -> str:
        """The default bound in words."""
        return self.bound or ("off" if self.is_rule else "measured only")


@dataclass(frozen=True)
class Family:
    """A type of step."""

    type: str
    """As a recipe names it."""
    purpose: str
    rows: tuple[Row, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Who defined its signals, each once."""
        return tuple(dict.fromkeys(row.source for row in self.rows))


def purpose_of(model: type[BaseModel]) -> str:
    """The first paragraph of a model's docstring, on one line."""
    return " ".join((model.__doc__ or "").strip().partition("\n\n")[0].split())
