"""Block lists for addresses, in the UT1 format."""

import gzip
import json
import multiprocessing

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.batch import Batch
from filters.errors import SettingError
from filters.url.blocklist import parent_domains, prepare, url_prefixes
from filters.url.compiled import compile_lists
from filters.url.lists import list_files, read_keys, url_key
from schemas.steps.url import UrlBlocklist


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def lists(tmp_path):
    folder = tmp_path / "ut1"
    for category, name, entries in (
        ("adult", "domains", ["bad.example", "192.0.2.7", "# comment", "", "m\xfcll.example"]),
        ("adult", "urls", ["tube.example/user/eve", "http://www.forum.example/x?id=3"]),
        ("gambling", "domains.gz", ["casino.example", "bad.example"]),
    ):
        path = folder / category / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = "\n".join(entries).encode()
        path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return folder


def words(tmp_path, name, entries):
    path = tmp_path / name
    path.write_text("\n".join(entries))
    return path


def measure(step, urls):
    nothing = pa.nulls(len(urls), pa.string())
    found = prepare(step)(
        Batch(text=nothing.cast(pa.large_string()), uri=pa.array(urls, pa.string()), language=nothing)
    )
    return {name: values.to_pylist() for name, values in found.signals.items()}, found.detail


@pytest.fixture(scope="module")
def real_entries(shared_data):
    with gzip.open(shared_data / "urls" / "ut1_blocklist.jsonl.gz", "rt") as rows:
        return [json.loads(row) for row in rows]


def test_finds_every_real_entry_and_nothing_else(real_entries, tmp_path):
    for row in real_entries:
        path = tmp_path / "ut1" / row["category"] / row["kind"]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as entries:
            entries.write(row["text"] + "\n")
    rows = [row for row in real_entries if row["text"].isascii()]
    urls = [f"https://www.{row['text']}/page?x=1" for row in rows] + ["https://www.python.org/downloads/"]
    found, detail = measure(UrlBlocklist(lists=(tmp_path / "ut1",)), urls)
    listed = [d + u for d, u in zip(found["domain"], found["url"], strict=True)]
    # an entry with its own query is extended by the test's, so it is another address
    missed = [row["text"] for row, count in zip(rows, listed, strict=False) if not count and "?" not in row["text"]]
    assert len(rows) > 39_000
    assert missed == []
    assert listed[-1] == 0
    first = next(at for at, row in enumerate(rows) if row["kind"] == "domains" and row["category"] == "press")
    assert detail["domain"][first].as_py().endswith(f": {rows[first]['text']}")


@pytest.mark.parametrize(
    ("url", "domain", "listed_url"),
    [
        ("http://bad.example/", 1, 0),
        ("https://www.bad.example", 1, 0),
        ("https://a.b.BAD.example.:8080/x", 1, 0),
        ("https://user:pw@bad.example/", 1, 0),
        ("https://notbad.example/", 0, 0),
        ("https://bad.example.org/", 0, 0),
        ("https://good.example/bad.example", 0, 0),
        ("http://192.0.2.7/x", 1, 0),
        ("http://192.0.2.70/x", 0, 0),
        ("http://m\xfcll.example/", 1, 0),
        ("http://xn--mll-hoa.example/", 1, 0),
        ("https://tube.example/user/eve/", 0, 1),
        ("https://tube.example/user/eve/video/3?x=1#t", 0, 1),
        ("https://tube.example/user/evelyn", 0, 0),
        ("https://tube.example/user", 0, 0),
        ("https://forum.example/x?id=3", 0, 1),
        ("https://forum.example/x?id=33", 0, 0),
        ("https://forum.example/x", 0, 0),
        ("", 0, 0),
        ("file:///data/page.html", 0, 0),
    ],
)
def test_domains_block_subdomains_and_urls_what_lies_below(lists, url, domain, listed_url):
    found, _ = measure(UrlBlocklist(lists=(lists,)), [url])
    assert (found["domain"], found["url"]) == ([domain], [listed_url])


def test_the_detail_names_category_and_entry(lists):
    _, detail = measure(
        UrlBlocklist(lists=(lists,)), ["https://shop.casino.example/", "https://tube.example/user/eve/1"]
    )
    assert detail["domain"].to_pylist() == ["gambling: casino.example", None]
    assert detail["url"].to_pylist() == [None, "adult: tube.example/user/eve"]


def test_categories_choose_folders(lists):
    urls = ["https://casino.example/", "https://tube.example/user/eve"]
    found, _ = measure(UrlBlocklist(lists=(lists,), categories=("gambling",)), urls)
    assert (found["domain"], found["url"]) == ([1, 0], [0, 0])


def test_words_are_counted_once_and_only_whole(tmp_path):
    step = UrlBlocklist(
        banned_word_list=words(tmp_path, "banned", ["slots", "# casino"]),
        soft_word_list=words(tmp_path, "soft", ["Hot", "girls", "teen"]),
        subword_list=words(tmp_path, "sub", ["xxx", "free-slots"]),
    )
    urls = [
        "http://a.example/slots/slots",
        "http://a.example/hot-girls?hot",
        "http://slotsite.example/free_slots_xxxl",
        None,
    ]
    found, detail = measure(step, urls)
    assert found["banned_words"] == [1, 0, 1, None]
    assert found["soft_words"] == [0, 2, 0, None]
    assert found["subwords"] == [0, 0, 2, None]
    assert detail["subwords"][2].as_py() == "freeslots, xxx"
    assert found["domain"] == [0, 0, 0, None]


def test_without_lists_nothing_is_found_and_nothing_written(tmp_path):
    found, _ = measure(UrlBlocklist(), ["http://bad.example/x", None])
    assert {tuple(values) for values in found.values()} == {(0, None)}
    assert not (tmp_path / "cache").exists()


def test_a_change_of_a_list_is_seen(lists):
    step = UrlBlocklist(lists=(lists,))
    assert measure(step, ["http://new.example/"])[0]["domain"] == [0]
    with (lists / "adult" / "domains").open("a") as entries:
        entries.write("\nnew.example\n")
    assert measure(step, ["http://new.example/"])[0]["domain"] == [1]


def test_lists_are_memory_mapped_and_small(lists, tmp_path):
    compiled = compile_lists(list_files((lists,), None), tmp_path / "store")
    assert isinstance(compiled.hashes, np.memmap)
    assert compiled.hashes.dtype == np.uint64
    assert (np.diff(compiled.hashes.astype(object)) > 0).all()
    assert len(compiled.hashes) == len({key for file in list_files((lists,), None) for key in read_keys(file.path)})


def _compile(arguments):
    lists, store = arguments
    return len(compile_lists(list_files((lists,), None), store).hashes)


def test_racing_processes_make_one_copy(lists, tmp_path):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        sizes = pool.map(_compile, [(lists, tmp_path / "store")] * 6)
    assert sizes == [6] * 6
    assert len(list((tmp_path / "store").iterdir())) == 1


def test_missing_lists_and_categories_are_errors(lists, tmp_path):
    (tmp_path / "empty").mkdir()
    for step, message in (
        (UrlBlocklist(lists=(tmp_path / "absent",)), r"absent.*no such file"),
        (UrlBlocklist(lists=(tmp_path / "empty",)), "no file named `domains`"),
        (UrlBlocklist(lists=(lists,), categories=("gambling", "adlut")), "adlut"),
        (UrlBlocklist(soft_word_list=tmp_path / "absent.txt"), "absent.txt"),
    ):
        with pytest.raises(SettingError, match=message):
            prepare(step)


HOSTS = st.lists(st.from_regex(r"[a-z]{1,4}", fullmatch=True), min_size=1, max_size=4).map(".".join)
PATHS = st.lists(st.from_regex(r"[a-z0-9]{1,3}", fullmatch=True), max_size=4)


@given(HOSTS, PATHS, st.sampled_from(["", "?a=1"]))
def test_every_parent_is_looked_up(host, folders, query):
    key = url_key(f"https://{host}/" + "/".join(folders) + query)
    assert list(parent_domains(key)) == [host.split(".", at)[-1] for at in range(host.count(".") + 1)]
    expected = {host + "".join(f"/{folder}" for folder in folders[:end]) for end in range(1, len(folders) + 1)}
    assert expected <= set(url_prefixes(key))
