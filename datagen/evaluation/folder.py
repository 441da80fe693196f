"""Evaluation sets on disk: of each use case the payloads (``email.jsonl``) and the record of them (``email.json``)."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from datagen.evaluation.frozen import Changed, Frozen, check
from datagen.payloads.read import read_payloads
from datagen.payloads.reading import Unreadable
from filters.errors import SettingError
from pipelines.engine.outputs.files import write_bytes
from schemas.payload import Payload, PayloadKind

EvaluationSet = tuple[Frozen, list[Payload]]
"""The record of a set, and its payloads."""


def write_set(folder: Path, frozen: Frozen, payloads: Sequence[Payload]) -> None:
    """Freeze a set. Raises Changed where another one is frozen there already: it is never overwritten."""
    record = folder / f"{frozen.use_case}.json"
    if record.exists():
        before = _read_record(record)
        if before.digest != frozen.digest:
            raise Changed(
                f"{record}: a set with digest {before.digest} is frozen there, and this input, recipe and seed give "
                f"{frozen.digest}: choose another --out, so that results stay comparable"
            )
    lines = "".join(f"{payload.model_dump_json()}\n" for payload in payloads)
    write_bytes(str(folder / f"{frozen.use_case}.jsonl"), lines.encode())
    write_bytes(str(record), frozen.model_dump_json(indent=1).encode() + b"\n")


def read_sets(folder: Path) -> list[EvaluationSet]:
    """The sets of a folder, by use case.

    Raises:
        SettingError: it holds none, or one that cannot be read.
        Changed: a set is not what was frozen.
    """
    records = sorted(folder.glob("*.json"))
    if not records:
        raise SettingError(f"{folder}: no evaluation set is there; `orchard evaluation choose` makes one")
    return [_read_set(record) for record in records]


def payload_files(folder: Path, sets: Sequence[EvaluationSet], kinds: Sequence[PayloadKind]) -> list[str]:
    """The files of payloads of sets that were read from there; of these kinds only, where some are given.

    Raises SettingError: there is no set of a kind.
    """
    known = {frozen.use_case: str(folder / f"{frozen.use_case}.jsonl") for frozen, _ in sets}
    missing = [kind for kind in kinds if kind not in known]
    if missing:
        raise SettingError(f"{folder}: no evaluation set of {', '.join(missing)}; there are some of {', '.join(known)}")
    return [path for use_case, path in known.items() if not kinds or use_case in kinds]


def _read_set(record: Path) -> EvaluationSet:
    frozen, path = _read_record(record), record.with_suffix(".jsonl")
    if frozen.use_case != record.stem:
        raise SettingError(f"{record}: describes a set of {frozen.use_case}: name both files {frozen.use_case}")
    if not path.exists():
        raise SettingError(f"{path}: is missing, the payloads of the set that {record.name} describes")
    payloads: list[Payload] = []
    for read in read_payloads(str(path)):
        if isinstance(read, Unreadable):
            raise Changed(f"{path}, line {read.position}: {read.message}: this is not the file that was frozen")
        payloads.append(read)
    try:
        check(frozen, payloads)
    except Changed as error:
        raise Changed(f"{path}: {error}") from error
    return frozen, payloads


def _read_record(record: Path) -> Frozen:
    try:
        return Frozen.model_validate_json(record.read_bytes())
    except ValidationError as error:
        raise SettingError(f"{record}: is no record of an evaluation set: {error.errors()[0]['msg']}") from error
