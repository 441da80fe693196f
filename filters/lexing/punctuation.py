"""The characters that the published rules take for punctuation."""

SENTENCE_ENDS = """
0021 002E 003F 0589 061D-061F 06D4 0700-0702 07F9 0837 0839 083D-083E 0964-0965 104A-104B 1362 1367-1368 166E
1735-1736 17D4-17D6 17D9-17DA 1803 1809 1944-1945 1AA8-1AAB 1B5A-1B5B 1B5E-1B5F 1B7D-1B7E 1C3B-1C3C 1C7E-1C7F
203C-203D 2047-2049 2E2E 2E3C 2E53-2E54 3002 A4FF A60E-A60F A6F3 A6F7 A876-A877 A8CE-A8CF A92F A9C8-A9C9
AA5D-AA5F AAF0-AAF1 ABEB FE52 FE56-FE57 FF01 FF0E FF1F FF61 10A56-10A57 10F55-10F59 10F86-10F89 11047-11048
110BE-110C1 11141-11143 111C5-111C6 111CD 111DE-111DF 11238-11239 1123B-1123C 112A9 1144B-1144C 115C2-115C3
115C9-115D7 11641-11642 1173C-1173E 11944 11946 11A42-11A43 11A9B-11A9C 11C41-11C42 11EF7-11EF8 11F43-11F44
16A6E-16A6F 16AF5 16B37-16B38 16B44 16E98 1BC9F 1DA88
"""


def _characters(ranges: str) -> frozenset[str]:
    """The characters of hexadecimal code points and ranges, e.g. ``0021 0964-0965``."""
    spans = [(span.partition("-")[0], span.rpartition("-")[2]) for span in ranges.split()]
    return frozenset(chr(point) for first, last in spans for point in range(int(first, 16), int(last, 16) + 1))


TERMINAL_PUNCTUATION = _characters(SENTENCE_ENDS)
"""What ends a sentence in any script: the Unicode property Sentence_Terminal, and the Khmer full stops, as FineWeb
uses it (datatrove 0.10.1 ``utils/text.py``)."""

PUNCTUATION = (
    TERMINAL_PUNCTUATION
    | frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«´»–—’“”„…∶━►、。〈〉《》「」【】！％（），．１：；？～")
    | _characters("0000-0008 000B-000C 000D-001F 007F-009F")
)
"""A word of these characters alone is a symbol for Gopher's word counts: punctuation marks of CCNet and control
characters (datatrove 0.10.1 ``utils/text.py``)."""
