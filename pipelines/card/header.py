"""The header of a README on Hugging Face: YAML that its search and ``datasets.load_dataset`` read."""

from collections import Counter
from typing import Final

from huggingface_hub import DatasetCardData

from pipelines.card.about import OTHER, About
from pipelines.card.folder import Folder
from pipelines.export.tally import NONE

_SIZES: Final = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
    (10_000_000_000, "1B<n<10B"), (100_000_000_000, "10B<n<100B"), (1_000_000_000_000, "100B<n<1T"),
)  # fmt: skip
_LEAST_SHARE: Final = 0.001
"""Languages with fewer documents are mistakes more often than not."""


def header(folder: Folder, about: About) -> str:
    """The YAML, without the lines of dashes around it."""
    languages = folder.counts("language")
    data = DatasetCardData(
        pretty_name=about.name,
        license=about.license,
        license_name="see-licences-below" if about.license == OTHER else None,
        language=_common(languages) or None,
        size_categories=[_size(sum(part.rows for part in folder.parts))],
        task_categories=["text-generation" if folder.report is None else "summarization"],
        tags=["orchard"] if folder.report is None else ["orchard", "synthetic"],
        configs=[
            {"config_name": part.name, "data_files": part.pattern, "default": number == 0}
            for number, part in enumerate(part for part in folder.parts if part.schema is not None)
        ]
        or None,
    )
    return data.to_yaml()


def _common(languages: Counter[str]) -> list[str]:
    least = _LEAST_SHARE * languages.total()
    return [language for language, count in languages.most_common() if language != NONE and count >= least]


def _size(rows: int) -> str:
    return next((name for most, name in _SIZES if rows < most), "n>1T")
