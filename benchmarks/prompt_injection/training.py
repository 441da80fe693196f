"""What the detector is fitted on: only sets whose licence permits it, and texts that are made up here."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.prompt_injection.bipia import attacked_texts
from benchmarks.prompt_injection.languages import other_languages
from benchmarks.prompt_injection.made_up import chats, mails, orders
from benchmarks.prompt_injection.sets import is_test, pages, passages, rows
from benchmarks.summary_gates.documentation import documented
from datagen.gates.grounding.negation_signs import DENIES
from datagen.injection.families import FAMILIES, TRAINING, attack_text, canary
from datagen.injection.units import Unit, units

SEED = 0
PER_FAMILY, ORDERS, FRAMED = 400, 4000, 3000
MAILS, CHATS, TWEETS, PASSAGES, DOCSTRINGS, OTHER_LANGUAGES = 9000, 2500, 4000, 3000, 1500, 1500
PROMPTS = {
    "decontam/arena_hard": ("Apache-2.0", 400),
    "decontam/ifeval": ("Apache-2.0", 500),
    "decontam/mt_bench": ("Apache-2.0", 60),
    "safety/advbench": ("MIT", 90),
    "safety/do_not_answer_en": ("Apache-2.0", 100),
    "safety/harmbench_behaviors": ("MIT", 40),
    "safety/jailbreak_inthewild": ("MIT", 600),
}
"""Sets of what people ask of models: the licence, and how much the set counts."""
PLANTED_SHARE, APART_SHARE = 0.8, 0.6
"""Of the attacks, those that are shown inside another text, and of these those that are a paragraph of their own."""
LONGEST_HOST, HOSTS = 2500, 400
"""Characters of a text that an attack is planted in, and how many such texts of each set."""


@dataclass
class Training:
    """Sentences with where they stand, and the card of where they come from."""

    clean: list[tuple[Unit, float]] = field(default_factory=list)
    """With how much each counts."""
    attacks: list[tuple[list[Unit], float]] = field(default_factory=list)
    """The sentences of each attack, one of which at least speaks to the model, and how much each counts."""
    data: dict[str, int] = field(default_factory=dict)
    """A source with its licence, and how many texts of it."""

    def add_clean(self, name: str, texts: list[str], weight: float) -> None:
        """Texts that nobody wrote to a model; a large set counts more than a small one, but by its root only."""
        found = [unit for text in texts for unit in units(text)]
        self.clean += [(unit, weight / len(found) ** 0.5) for unit in found]
        self.data[name] = len(texts)


def planted_attacks(families: Iterable[str], purpose: str, count: int) -> list[tuple[str, str]]:
    """Attacks of our own families, each with its family."""
    return [
        (family, attack_text(family, f"{purpose}/{number}", canary(f"{purpose}/{family}/{number}")))
        for family in families
        for number in range(count)
    ]


def plant(text: str, attack: str, rng: random.Random, *, apart: bool) -> str:
    """A text with an attack between two of its lines, before the first or after the last."""
    lines = text.split("\n")
    at = rng.choice([0, len(lines), rng.randrange(len(lines) + 1)])
    between = ["", attack, ""] if apart else [attack]
    return "\n".join([*lines[:at], *between, *lines[at:]])


def training() -> Training:
    """All of it; the same every time."""
    found, rng = Training(), random.Random(SEED)
    clean = _clean_texts(rng)
    for name, (texts, weight) in clean.items():
        found.add_clean(name, texts, weight)
    hosts = [
        text
        for name, (texts, _) in clean.items()
        if not name.startswith(("docstrings", "other languages"))
        for text in rng.sample(texts, min(HOSTS, len(texts)))
        if len(text) < LONGEST_HOST
    ]
    for name, (texts, weight, times) in _attacks(rng).items():
        found.data[name] = len(texts)
        shown_attacks: list[list[Unit]] = []
        for attack in texts:
            wanted = {unit.sentence for unit in units(attack)}
            for _ in range(times):
                shown = attack
                if rng.random() < PLANTED_SHARE:
                    shown = plant(rng.choice(hosts), attack, rng, apart=rng.random() < APART_SHARE)
                shown_attacks.append([u for u in units(shown) if u.sentence in wanted])
        each = weight / sum(map(len, shown_attacks))
        found.attacks += [(sentences, each) for sentences in shown_attacks]
    return found


def _clean_texts(rng: random.Random) -> dict[str, tuple[list[str], float]]:
    """Texts by name and licence, and how much a set counts."""
    messages = [row["text"] for row in rows("summarization/sms_uci") if not is_test(row["text"])]
    stacks = ["\n\n".join(rng.sample(messages, rng.randint(3, 10))) for _ in range(500)]
    news = [row["text"] for row in rows("summarization/cnn_dailymail") if not is_test(row["text"])]
    web = [piece for page in pages({"wcxb"}) if not is_test(page.site) for piece in passages(page.text)]
    tweets = [row["text"] for row in rows("safety/davidson_hate") if not is_test(row["text"])][:TWEETS]
    novels = [row["text"] for row in rows("decontam/lambada_openai")][:PASSAGES]
    docstrings = [sample.payload.parts[0].text for part in documented(DENIES) for sample in part]
    bipia = [row["text"] for row in rows("safety/prompt_injection_bipia") if row["label"] == "safe"]
    deepset = [row for row in rows("safety/prompt_injection_deepset") if row["label"] == "safe"]
    return {
        "summarization/sms_uci (CC-BY-4.0)": (messages + stacks, 1.0),
        "summarization/cnn_dailymail (Apache-2.0; articles of third parties)": (news, 1.0),
        "web pages of WCXB, half of the sites (CC-BY-4.0)": (web, 2.0),
        "safety/davidson_hate (MIT)": (tweets, 0.7),
        "decontam/lambada_openai (MIT)": (novels, 1.0),
        "docstrings of packages (benchmarks/summary_gates/documentation.py)": (
            rng.sample(docstrings, min(DOCSTRINGS, len(docstrings))),
            0.1,
        ),
        "mails of benchmarks/prompt_injection/notes.yaml (our own)": (mails(MAILS, SEED), 1.2),
        "chats of the same and of sms_uci": (chats(CHATS, messages, SEED), 1.0),
        "other languages, of spaCy (MIT)": (other_languages(OTHER_LANGUAGES, SEED), 0.6),
        "BIPIA, half of the clean texts (MIT)": ([text for text in bipia if not is_test(text)], 0.2),
        "deepset/prompt-injections, half of the clean items (Apache-2.0)": (
            [row["text"] for row in deepset if not is_test(row["id"])],
            0.35,
        ),
    }


def _attacks(rng: random.Random) -> dict[str, tuple[list[str], float, int]]:
    """Attacks by name and licence, how much the set counts, and in how many texts each is shown."""
    bipia = attacked_texts(rows("safety/prompt_injection_bipia"))
    deepset = [row for row in rows("safety/prompt_injection_deepset") if row["label"] != "safe"]
    prompts = {
        f"{name} ({licence})": ([row["text"] for row in rows(name) if not is_test(row["text"])], weight, 1)
        for name, (licence, weight) in PROMPTS.items()
    }
    return {
        "BIPIA, half of the attacks (MIT)": (sorted({x.attack for x in bipia if not is_test(x.attack)}), 600, 8),
        "deepset/prompt-injections, half of the attacks (Apache-2.0)": (
            [row["text"] for row in deepset if not is_test(row["id"])],
            700,
            2,
        ),
        "attacks of datagen/injection/families.py, training families (our own)": (
            [attack for _, attack in planted_attacks(TRAINING, "train", PER_FAMILY)],
            1800,
            1,
        ),
        "orders of benchmarks/prompt_injection/orders.yaml (our own)": (orders(ORDERS, SEED), 2200, 1),
        "the same in the frames of the training families": (_framed(rng), 4000, 1),
        **prompts,
    }


def _framed(rng: random.Random) -> list[str]:
    """Orders in place of what the training families ask for."""
    frames = [(FAMILIES[name], text) for name in TRAINING for text in FAMILIES[name].texts if "{ask}" in text]
    found: list[str] = []
    for order in orders(FRAMED, SEED + 1):
        family, frame = rng.choice(frames)
        text = frame.format(ask=order[0].lower() + order[1:].rstrip(".!?"), canary="it")
        found.append(family.wrap(text) if family.wrap and family is not FAMILIES["encoded"] else text)
    return found
