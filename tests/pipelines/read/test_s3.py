"""Reading from s3://, against a small server in this process; needs s3fs and moto[server] (else skipped)."""

from collections.abc import Iterator

import fsspec
import pytest

from pipelines.read.files import InputError, find_inputs
from pipelines.read.read import read_records
from pipelines.read.record import Record
from schemas.recipe.read import ReadSettings
from tests.pipelines.read.archives import dead, pack, pages, uri


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[fsspec.AbstractFileSystem]:
    pytest.importorskip("s3fs", reason="s3fs is not installed: pip install 'orchard[s3]'")
    moto = pytest.importorskip("moto.server", reason="moto is not installed: pip install 'moto[server]'")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    store = fsspec.filesystem("s3")
    store.makedirs("crawl", exist_ok=True)
    yield store
    server.stop()
    fsspec.filesystem("s3").clear_instance_cache()


def test_reads_from_s3(bucket: fsspec.AbstractFileSystem) -> None:
    packed = pack(pages(50), ".gz")
    broken = [*packed[:20], packed[20][:50], *packed[21:]]
    bucket.pipe("crawl/2024/05/a.warc.gz", b"".join(packed))
    bucket.pipe("crawl/2024/06/b.warc.gz", b"".join(broken))
    files = find_inputs(["s3://crawl/**/*.warc.gz"])
    assert [(file.uri, file.relative_name) for file in files] == [
        ("s3://crawl/2024/05/a.warc.gz", "2024/05/a.warc.gz"),
        ("s3://crawl/2024/06/b.warc.gz", "2024/06/b.warc.gz"),
    ]
    assert all(file.etag and file.modified_at and file.size for file in files)
    whole, damaged = (list(read_records(file, ReadSettings())) for file in files)
    assert [item.uri for item in whole if isinstance(item, Record)] == [uri(number) for number in range(50)]
    assert len([item for item in damaged if isinstance(item, Record)]) == 49 and len(dead(damaged)) == 1


@pytest.mark.parametrize("pattern", ["s3://crawl/none-*.warc.gz", "s3://crawl/none.warc.gz", "s3://nobucket/a.warc.gz"])
def test_what_is_not_there_is_said_before_work_starts(bucket: fsspec.AbstractFileSystem, pattern: str) -> None:
    with pytest.raises(InputError, match=r"no file matches|there is no such file"):
        find_inputs([pattern])
