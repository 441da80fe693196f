"""Payloads out of mailboxes, chats and rows; what is broken is said and harms nothing else."""

import gzip
import json
import mailbox
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen.payloads.chat import parse_chat
from datagen.payloads.read import UnknownFormat, read_payloads
from datagen.payloads.reading import Unreadable
from datagen.payloads.render import render
from datagen.payloads.stack import stack
from schemas.payload import Part, Payload
from tests.support.cut_off import CUT_AFTER
from tests.support.summaries import payload


def mail(subject, body, number, reply_to=None, html=False, sender="Ann Lee <ann@example.com>"):
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = sender, subject, f"<{number}@example.com>"
    message["Date"] = "Tue, 03 Mar 2026 10:00:00 +0000"
    if reply_to:
        message["In-Reply-To"] = f"<{reply_to}@example.com>"
    message.set_content(body, subtype="html" if html else "plain")
    return message


MAILS = [
    mail("Trip", "Shall we go on Friday?", 1),
    mail("Über", "<p>Grüße aus <b>Köln</b></p>", 2, html=True),
    mail("Re: Trip", "Yes, at 9.\n\nOn 3 March Ann Lee wrote:\n> Shall we go on Friday?", 3, reply_to=1, sender="Bo"),
]


def as_mbox(folder):
    box = mailbox.mbox(folder / "all.mbox")
    for message in MAILS:
        box.add(message)
    box.close()
    return folder / "all.mbox"


def as_maildir(folder):
    box = mailbox.Maildir(folder / "box")
    for message in MAILS:
        box.add(message)
    return folder / "box"


@pytest.mark.parametrize("write", [as_mbox, as_maildir])
def test_threads_of_a_mailbox(tmp_path, write):
    found = list(read_payloads(str(write(tmp_path))))
    by_size = {len(found_one.parts): found_one for found_one in found}
    assert set(by_size) == {1, 2}
    assert {part.text for part in by_size[2].parts} == {"Shall we go on Friday?", "Yes, at 9."}
    assert by_size[1].parts == (
        Part(text="Grüße aus Köln", sender="Ann Lee", title="Über", sent_at="Tue, 03 Mar 2026 10:00:00 +0000"),
    )
    assert by_size[1].family != by_size[2].family


def test_a_mail_in_a_file(tmp_path):
    (tmp_path / "one.eml").write_bytes(bytes(MAILS[0]))
    (found,) = read_payloads(str(tmp_path / "one.eml"))
    assert (
        render(found) == "From: Ann Lee\nDate: Tue, 03 Mar 2026 10:00:00 +0000\nSubject: Trip\n\nShall we go on Friday?"
    )


def test_a_broken_mail_does_not_take_the_others_with_it(tmp_path):
    broken = b"From x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n%%%\n\n"
    path = as_mbox(tmp_path)
    path.write_bytes(b"From a\nSubject: empty\n\n\n" + broken + path.read_bytes())
    found = list(read_payloads(str(path)))
    assert sum(isinstance(one, Payload) and "Köln" in render(one) for one in found) == 1
    assert any(isinstance(one, Unreadable) and one.error_class == "EmptyMail" for one in found)


def test_rows_of_data_sets_and_of_our_own(tmp_path):
    own = payload((Part(app="Maps", text="Traffic on A1"), Part(app="Mail", text="2 new")), kind="notification")
    rows = [
        {"text": "Ann: hi\nBo: hello\nthere", "kind": "dialogue", "id": "7", "source": "set", "lang": "en"},
        {"text": "A text.", "kind": "news", "subject": "Title"},
        own.model_dump(mode="json"),
        {"kind": "email"},
        {"text": "x", "kind": "tweet"},
        [1],
    ]
    lines = [*map(json.dumps, rows), '{"text": ', ""]
    with gzip.open(tmp_path / "rows.jsonl.gz", "wt") as file:
        file.write("\n".join(lines))
    chat, news, ours, *wrong = read_payloads(str(tmp_path / "rows.jsonl.gz"))
    assert [(p.sender, p.text) for p in chat.parts] == [("Ann", "hi"), ("Bo", "hello\nthere")]
    assert (chat.family, chat.language) == ("set/7", "en")
    assert render(news) == "Subject: Title\n\nA text."
    assert ours == own
    assert [(w.position, w.error_class) for w in wrong] == [
        (4, "InvalidPayload"), (5, "InvalidPayload"), (6, "WrongType"), (7, "InvalidJson"),
    ]  # fmt: skip
    assert "use one of email" in wrong[1].message


@pytest.mark.parametrize("suffix", CUT_AFTER)
def test_a_file_that_is_cut_off_keeps_what_comes_before(tmp_path, suffix):
    lines = "".join(f'{{"text": "A text of mail {number}.", "kind": "email"}}\n' for number in range(3))
    (tmp_path / f"rows.jsonl{suffix}").write_bytes(CUT_AFTER[suffix](lines.encode() + b"\n"))
    *mails, cut = read_payloads(str(tmp_path / f"rows.jsonl{suffix}"))
    assert [render(mail) for mail in mails] == [f"A text of mail {number}." for number in range(3)]
    assert (cut.position, cut.error_class, cut.container) == (5, "TruncatedRecord", f"rows.jsonl{suffix}")


def test_a_damaged_file_is_no_end_of_the_run(tmp_path):
    whole = gzip.compress(b"".join(b'{"text": "Text %d", "kind": "email"}\n' % n for n in range(20_000)), mtime=0)
    (tmp_path / "rows.jsonl.gz").write_bytes(whole[: len(whole) // 2] + b"\xff" * 100 + whole[len(whole) // 2 :])
    *mails, broken = read_payloads(str(tmp_path / "rows.jsonl.gz"))
    assert len(mails) > 5_000
    assert (broken.position, broken.error_class) == (len(mails) + 1, "BrokenCompression")


def test_exports_of_messengers(tmp_path):
    (tmp_path / "chat.txt").write_text(
        "[12.03.24, 18:05:11] Ann: Are you in?\n[12.03.24, 18:06:00] Bo Lee: Yes\nat 8\n12/03/24, 6:07 PM - Ann: 👍\n"
    )
    (found,) = read_payloads(str(tmp_path / "chat.txt"))
    assert [(p.sender, p.sent_at, p.text) for p in found.parts] == [
        ("Ann", "12.03.24, 18:05:11", "Are you in?"),
        ("Bo Lee", "12.03.24, 18:06:00", "Yes\nat 8"),
        ("Ann", "12/03/24, 6:07 PM", "👍"),
    ]
    (tmp_path / "no.txt").write_text("just a text")
    assert [type(one) for one in read_payloads(str(tmp_path / "no.txt"))] == [Unreadable]


def test_an_unknown_format_says_what_is_read():
    with pytest.raises(UnknownFormat, match=r"x.pdf: payloads are read from .mbox, .eml, Maildir folders"):
        read_payloads("x.pdf")


@given(st.text(max_size=200))
def test_no_text_breaks_the_chat_reader(text):
    parts = parse_chat(text)
    assert all(part.text and part.sender for part in parts)
    assert len({part.sender for part in parts}) != 1


def test_real_sets_are_read(shared_data):
    for name, kind, stacked in (
        ("samsum", "message", True),
        ("aeslc_enron_email", "email", False),
        ("sms_uci", "message", False),
    ):
        found = list(read_payloads(str(shared_data / "summarization" / f"{name}.jsonl.gz")))
        assert not [one for one in found if isinstance(one, Unreadable)]
        assert {one.kind for one in found} == {kind}
        assert sum(one.stacked == stacked for one in found) > 0.9 * len(found)
    assert len({one.family for one in found}) == len(found)


@given(st.integers(0, 40), st.integers(0, 3))
def test_stacks_hold_every_payload_but_a_single_last_one(count, seed):
    singles = [payload(f"message {number}", kind="message") for number in range(count)]
    stacks = list(stack(singles, "notification", seed))
    texts = [part.text for one in stacks for part in one.parts]
    assert texts == [f"message {number}" for number in range(len(texts))]
    assert count - len(texts) <= 1
    assert all(2 <= len(one.parts) <= 6 and one.kind == "notification" for one in stacks)
    assert stacks == list(stack(singles, "notification", seed))
