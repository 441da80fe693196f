"""Point of view: who is "I", who is "you", and who is spoken to (AFM R33)."""

import re
from collections.abc import Mapping

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.rules.language import language_of
from datagen.gates.text import without_quotes
from datagen.products.summary import Summary

FIRST: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"(?<!\w)(?:I(?:['’](?:m|ve|ll|d))?|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ww]e(?:['’](?:re|ve|ll|d))?|us|Us|[Oo]urs?|"
        r"[Oo]urselves|i['’]m|im)(?![\w.]\w|\w)"
    ),
    "de": re.compile(r"\b(?:ich|mir|mich|mein\w{0,2}|wir|uns|unser\w{0,2})\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:je|moi|mon|mes|nous|notre|nos)\b|\bj['’]", re.IGNORECASE),
    "es": re.compile(r"\b(?:yo|mi|mis|conmigo|nosotr[oa]s|nuestr[oa]s?)\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:io|mio|mia|miei|mie|noi|nostr[oaie])\b", re.IGNORECASE),
    "pt": re.compile(r"\b(?:eu|meu|minha|meus|minhas|comigo|nós|noss[oa]s?)\b", re.IGNORECASE),
}
SECOND: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:you(?:['’](?:re|ve|ll|d))?|yours?|yourself|yourselves)\b", re.IGNORECASE),
    "de": re.compile(r"\b(?:du|dir|dich|dein\w{0,2}|euch|euer|eure\w?)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:tu|toi|ton|tes|vous|votre|vos)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:tú|ti|contigo|usted(?:es)?|vosotr[oa]s|vuestr[oa]s?)\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:tuo|tua|tuoi|tue|voi|vostr[oaie])\b", re.IGNORECASE),
    "pt": re.compile(r"\b(?:você|vocês|teu|tua|teus|tuas|contigo)\b", re.IGNORECASE),
}
"""Words that mean a person and little else. Other languages have no list, and pass."""
SPOKEN = re.compile(
    r"(?:welcome|thanks|thank you|congrat(?:ulation)?s|hello|hi|hey|dear|good (?:morning|afternoon|evening|night|luck)|"
    r"happy (?:birthday|new year|christmas|easter|holidays)|merry christmas|please|sorry|bye|goodbye|see you)\b",
    re.IGNORECASE,
)
"""English beginnings of what is said to somebody: no summary of people's in the four sets has one."""
NUMERAL = re.compile(r"\b(?:War|Part|Phase|Type|Class|Title|Level|Act|Chapter|Volume|Elizabeth|Charles) I\b")
"""The Roman one."""


class PointOfViewGate(EachSummary):
    """Rejects a first or second person that the product does not allow; quotations may have any.

    Prose in the third person does not greet, thank or ask anybody either; a title may ("Thanks for your help").
    """

    name = "point_of_view"

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of words of that person."""
        person = sample.product.person
        language = language_of(sample.payload.language, sample.source)
        text = NUMERAL.sub(" ", without_quotes(sample.text))
        reader = sample.payload.reader
        wrote = reader is not None and {part.sender for part in sample.payload.parts} == {reader}
        if person != "writer" and not (person == "reader" and wrote):
            found = FIRST[language].findall(text) if language in FIRST else []
            if found:
                return self.failed(len(found), "no first person", "first_person", found[0])
        if person == "third":
            found = SECOND[language].findall(text) if language in SECOND else []
            if found:
                return self.failed(len(found), "no second person", "second_person", found[0])
            if language == "en" and sample.product.form != "title" and (spoken := SPOKEN.match(text.lstrip())):
                return self.failed(1, "nobody spoken to", "speaks_to_somebody", spoken.group())
        return self.passed(0, f"person: {person}")
