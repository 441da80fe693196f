"""The journal: what was added is there, whatever happens to its files or its process."""

import asyncio
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen.errors import JournalError
from datagen.flow.budget import Tokens
from datagen.journal import lock
from datagen.journal.journal import Journal
from datagen.journal.lock import RunLock
from datagen.journal.segment import encode, read_segment, segments
from schemas.fingerprint import fingerprint
from schemas.generation.response import GenFailure, GenResponse, Outcome


def response(number: int, text: str = "fine") -> GenResponse:
    digest = fingerprint(number)
    return GenResponse(
        request_id=digest, digest=digest, teacher="t", prompt_tokens=number, completion_tokens=1, text=text
    )


def add_all(folder: Path, outcomes: list[Outcome]) -> None:
    async def run(journal: Journal) -> None:
        await asyncio.gather(*[journal.add(outcome) for outcome in outcomes])

    with Journal(folder) as journal:
        asyncio.run(run(journal))


def test_what_was_added_is_found_again_with_what_it_cost(tmp_path):
    refused = GenFailure(
        request_id=fingerprint("r"), digest=fingerprint("r"), teacher="t", reason="refused_request", message="no"
    )
    add_all(tmp_path, [response(number) for number in range(50)])
    add_all(tmp_path, [refused, response(50, "ähm\n\u2028")])
    assert len(segments(tmp_path)) == 2
    with Journal(tmp_path) as journal:
        assert len(journal) == 52
        assert journal.spent == Tokens(sum(range(51)), 51)
        assert journal.find(fingerprint(50)) == response(50, "ähm\n\u2028").model_copy(update={"cached": True})
        assert journal.find(refused.digest) == refused.model_copy(update={"cached": True})
        assert journal.find(fingerprint("new")) is None


@given(st.integers(0, 400), st.integers(1, 4))
def test_a_line_that_was_cut_loses_itself_only(tmp_path_factory, cut, whole):
    folder = tmp_path_factory.mktemp("journal")
    last = encode(response(99))
    lines = b"".join(encode(response(number)) for number in range(whole))
    (folder / "000000.jsonl").write_bytes(lines + last[: min(cut, len(last) - 1)])
    add_all(folder, [response(7)])
    with Journal(folder) as journal:
        assert len(journal) == whole + 1
        assert journal.find(fingerprint(99)) is None
        assert journal.find(fingerprint(7)) is not None


def test_every_answer_is_on_disk_before_its_place_is_given_back(tmp_path):
    async def run(journal: Journal) -> None:
        for number in range(5):
            await journal.add(response(number))
            on_disk = [outcome for path in segments(tmp_path) for _, _, outcome in read_segment(path)]
            assert on_disk == [response(each) for each in range(number + 1)]
            assert journal.find(fingerprint(number)) is not None

    with Journal(tmp_path) as journal:
        asyncio.run(run(journal))


def run_lock(folder: Path, said: list[str] | None = None) -> RunLock:
    return RunLock(folder, 0.2, [].append if said is None else said.append)


def test_two_runs_cannot_have_it_at_once_but_one_may_read(tmp_path):
    with run_lock(tmp_path), Journal(tmp_path, read_only=True) as reader:
        assert len(reader) == 0
        with pytest.raises(JournalError, match="another run is using"):
            run_lock(tmp_path).__enter__()
    with run_lock(tmp_path):
        pass


def test_a_run_waits_for_a_worker_that_still_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.2)
    with Journal(tmp_path), pytest.raises(JournalError, match="another run is using"):
        run_lock(tmp_path).__enter__()
    with run_lock(tmp_path), Journal(tmp_path), Journal(tmp_path):
        pass


def test_workers_write_side_by_side_and_the_next_run_finds_all(tmp_path):
    async def run(first: Journal, second: Journal) -> None:
        await asyncio.gather(*(journal.add(response(n)) for n, journal in enumerate([first, second] * 10)))

    with Journal(tmp_path) as first, Journal(tmp_path) as second:
        asyncio.run(run(first, second))
    assert len(segments(tmp_path)) == 2
    with Journal(tmp_path) as journal:
        assert [journal.find(fingerprint(n)) is not None for n in range(20)] == [True] * 20


def test_on_an_object_store_what_was_added_is_found_while_and_after_it_is_written():
    folder = "memory://bucket/journal"

    async def run(journal: Journal) -> None:
        for start in (0, 5):
            waiting = [journal.add(response(number)) for number in range(start, start + 5)]
            assert journal.find(fingerprint(start + 4)) == response(start + 4).model_copy(update={"cached": True})
            await asyncio.gather(*waiting)
            assert journal.find(fingerprint(start)) == response(start).model_copy(update={"cached": True})

    for _ in range(2):  # an earlier run, too
        with Journal(folder) as journal:
            asyncio.run(run(journal))
    with Journal(folder, read_only=True) as reader:
        assert [reader.find(fingerprint(n)) is not None for n in range(11)] == [True] * 10 + [False]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device")
def test_a_full_disk_is_told(tmp_path):
    async def run(journal: Journal) -> None:
        await journal.add(response(1))

    with Journal(tmp_path) as journal:
        journal._segments._writer, journal._segments._own = os.open("/dev/full", os.O_WRONLY), 0
        with pytest.raises(JournalError, match="cannot write to"):
            asyncio.run(run(journal))
        assert journal.find(fingerprint(1)) is None
