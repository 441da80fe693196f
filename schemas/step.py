"""The base of every filter step of a recipe: settings, signals and rules of one family of measures."""

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, model_validator

from schemas.bounds import Bound
from schemas.signals import Signal
from schemas.strict import StrictModel


class Step(StrictModel):
    """Settings of one family of measures, with a bound for each rule.

    Every field of type ``Bound | None`` is a rule; it bounds the signal of the same name. Its code is
    ``<namespace>.<field>``, which is also the path of the value under ``signals``. ``null`` switches it off.
    """

    namespace: ClassVar[str]
    """The struct under ``signals`` where this family writes, unless the recipe gives the step a name."""
    signals: ClassVar[tuple[Signal, ...]]
    """What this family measures."""
    is_model: ClassVar[bool] = False
    """Expensive: measured only on documents that earlier rules keep, unless the recipe says ``measure: all``."""
    reads_text: ClassVar[bool] = True
    """Whether it looks at the text of a document; false: at its address alone."""
    gates: ClassVar[bool] = False
    """Documents that this step drops are not measured by later steps (English rules mean nothing for Chinese)."""

    name: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    """Another namespace, for a recipe that has two steps of one type."""

    @model_validator(mode="after")
    def _percentiles_are_of_probabilities(self) -> Self:
        units = {signal.name: signal.unit for signal in self.signals}
        for name in self.rule_names():
            bound = getattr(self, name)
            if bound is not None and bound.min_percentile is not None and units[name] != "probability":
                raise ValueError(f"{name} is in {units[name]}: only a probability can be bounded by a percentile")
        return self

    @property
    def space(self) -> str:
        """The namespace of this step's signals and rule codes."""
        return self.name or self.namespace

    @classmethod
    def rule_names(cls) -> tuple[str, ...]:
        """The names of the fields that are rules, in the order in which they are decided."""
        return tuple(name for name, field in cls.model_fields.items() if field.annotation in (Bound | None, Bound))

    def rules(self) -> Mapping[str, Bound]:
        """The rules that are switched on: code to bound, in the order in which they are decided."""
        bounds = {f"{self.space}.{name}": getattr(self, name) for name in self.rule_names()}
        return {code: bound for code, bound in bounds.items() if bound is not None}
