"""Looks for pages that break the engine, guided by which branches of the code they reach (https://github.com/google/atheris).

    uv pip install atheris                                                 # Linux
    nice python -m benchmarks.fuzz.guided fuzz-corpus -max_total_time=1200

The kernels run as Python here, without Numba: their branches guide the search too, and NumPy raises where compiled code
would read beyond an array. Further options are libFuzzer's. A page that breaks something is written to ``crash-...``;
the same command with that file alone runs it again.
"""

import os
import sys
import tempfile
import warnings
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"  # before anything imports Numba

import atheris

with atheris.instrument_imports(include=["pipelines.extract"]):
    from benchmarks.fuzz.check import check_page

from benchmarks.fuzz.pages import MARKS, TAGS, sample_pages
from pipelines.read.decode import decode

LONGEST = 2_000
"""Bytes of a page; kernels without compilation take some 10 us a byte."""


def test_one(data: bytes) -> None:
    """A page as bytes of any charset, or with lone surrogates, which decoding would leave out."""
    if data[:1] == b"\xff":
        check_page(data[1:].decode("utf-8", "surrogatepass" if data[1:2] != b"\xfe" else "surrogateescape"))
    else:
        check_page(decode(data).text)


def main() -> None:
    warnings.simplefilter("ignore")  # Python's whole numbers wrap around with a warning, compiled ones without.
    with tempfile.TemporaryDirectory() as folder:
        corpus, words = Path(folder, "samples"), Path(folder, "words")
        corpus.mkdir()
        for number, page in enumerate(sample_pages()):
            for start in range(0, len(page), LONGEST):
                Path(corpus, f"{number}-{start}").write_text(page[start : start + LONGEST], "utf-8")
        words.write_text("\n".join(map(_entry, (*TAGS, *MARKS))))
        given = sys.argv[1:] or ["-max_total_time=1200"]
        options = [f"-max_len={LONGEST}", f"-dict={words}", "-timeout=60", "-rss_limit_mb=4096"]
        folders = [] if any(Path(each).is_file() for each in given) else [str(corpus)]
        for each in given:
            if not each.startswith("-") and not Path(each).exists():
                Path(each).mkdir(parents=True)
        atheris.Setup([sys.argv[0], *options, *given, *folders], test_one)
        atheris.Fuzz()


def _entry(word: str) -> str:
    """A line of libFuzzer's dictionary."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass")) + '"'


if __name__ == "__main__":
    main()
