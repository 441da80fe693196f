"""The file of months is what Babel says of each language by itself."""

import subprocess
import sys

import pytest

from pipelines.extract.metadata.months import file_of_babel, months

ALONE = "import babel, sys; print(*babel.Locale(sys.argv[1]).months['format']['wide'].values(), sep='\\n')"


def test_the_file_is_of_the_babel_that_is_installed():
    from pipelines.extract.metadata.months import FILE

    assert FILE.read_text(encoding="utf-8") == file_of_babel()


@pytest.mark.parametrize("language", ["de", "el", "ru", "zh"])
def test_a_language_has_the_names_that_it_has_alone(language):
    names = subprocess.run([sys.executable, "-c", ALONE, language], check=True, capture_output=True, text=True).stdout
    assert [months()[language][name.casefold()] for name in names.split("\n") if name] == list(range(1, 13))


def test_names_without_a_month_are_no_names():
    assert not {"m01", "m12"} & {name for names in months().values() for name in names}
    assert all(1 <= number <= 12 for names in months().values() for number in names.values())
    assert (months()["nb"]["mai"], months()["ru"]["марта"], months()["en"]["sep"]) == (5, 3, 9)
