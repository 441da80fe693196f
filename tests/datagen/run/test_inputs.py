"""The files of payloads: mail of several people, mixed kinds, and what holds no payloads."""

from pathlib import Path

import pytest

from datagen.run.inputs import find_payload_files
from pipelines.engine.shard import make_shards
from pipelines.read.files import InputError


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    for person in ("ann", "bo"):
        (tmp_path / person / "Maildir" / "cur").mkdir(parents=True)
        (tmp_path / person / "inbox.mbox").write_text("From ann\n\nHello\n")
        (tmp_path / person / "chats.jsonl").write_text("{}\n")
    return tmp_path


def names(*patterns: str) -> list[str]:
    """Of the shards, which are the names of their outputs."""
    return [shard.name for shard in make_shards(find_payload_files(patterns))]


def test_files_of_one_name_have_outputs_of_their_own(mail: Path):
    assert names(f"{mail}/*/inbox.mbox") == ["ann__inbox.mbox", "bo__inbox.mbox"]
    assert names(f"{mail}/*/Maildir") == ["ann__Maildir", "bo__Maildir"]
    assert names(f"{mail}/*/chats.jsonl") == ["ann__chats", "bo__chats"]
    for kind in ("inbox.mbox", "Maildir", "chats.jsonl"):
        two = names(f"{mail}/ann/{kind}", f"{mail}/bo/{kind}")
        assert len(set(two)) == 2
        assert two == names(f"{mail}/bo/{kind}", f"{mail}/ann/{kind}")


def test_one_pattern_may_name_several_kinds(mail: Path):
    assert names(f"{mail}/ann/*") == ["Maildir", "chats", "inbox.mbox"]
    assert names(f"{mail}/ann/*", f"{mail}/ann/inbox.mbox") == ["Maildir", "chats", "inbox.mbox"]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("ann", r"ann: is a folder, and no Maildir\. Name its files, for instance '.*ann/\*\.mbox'"),
        ("*/*.pdf", r"letter\.pdf: payloads are read from \.jsonl, .*\.mbox.* and Maildir folders"),
        ("ann/letter.pdf", r"letter\.pdf: payloads are read from"),
        ("*/*.eml", "no file matches"),
        ("cleo.mbox", "there is no such file"),
        ("nobody.mbox", r"all inputs are empty \(0 bytes\): .*nobody\.mbox"),
    ],
)
def test_says_what_payloads_are_read_from(mail: Path, pattern: str, says: str):
    (mail / "ann" / "letter.pdf").write_bytes(b"%PDF")
    (mail / "nobody.mbox").touch()
    with pytest.raises(InputError, match=says):
        find_payload_files([f"{mail}/{pattern}"])


def test_a_scheme_that_nothing_reads_is_an_input_error():
    with pytest.raises(InputError, match="nosuch://bucket"):
        find_payload_files(["nosuch://bucket/mail.mbox"])
