"""Single pages out of files, archives and the web."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipelines.extract import one_page
from pipelines.extract.one_page import PageError, load_page
from pipelines.read.files import InputError


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, kind, body = {
            "/latin": (200, "text/html; charset=iso-8859-1", "<p>Grüße".encode("latin-1")),
            "/long": (200, "text/html", b"<p>" + b"x" * 5000),
            "/moved": (302, "text/html", b""),
            "/round": (302, "text/html", b""),
        }.get(self.path, (404, "text/html", b"gone"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "/latin" if self.path == "/moved" else "/round")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b'<meta charset="iso-8859-1"><p>Gr\xfc\xdfe')
    page = load_page(str(path))
    assert page.html.endswith("<p>Grüße")
    assert page.url is None


def test_the_web(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = load_page(f"{web}/moved")
    assert (page.html, page.url) == ("<p>Grüße", f"{web}/latin")
    monkeypatch.setattr(one_page, "MAX_BYTES", 100)
    assert len(load_page(f"{web}/long").html) == 100


def test_what_cannot_be_fetched(web: str) -> None:
    for address, said in [
        (f"{web}/missing", "404"),
        (f"{web}/round", "redirects"),
        ("http://127.0.0.1:1/", "cannot be fetched"),
        ("http://[/", "cannot be fetched"),
    ]:
        with pytest.raises(PageError, match=said):
            load_page(address)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for name in ("page.html", "pages.warc.gz"):
        with pytest.raises(InputError, match="there is no such file"):
            load_page(str(tmp_path / name))
    page = tmp_path / "page.html"
    page.write_text("<p>x")
    with pytest.raises(PageError, match="--record"):
        load_page(str(page), record=1)


def test_a_real_archive(shared_data: Path) -> None:
    source = str(shared_data / "web" / "web-dev-001.warc.gz")
    first, third = load_page(source), load_page(source, record=3)
    assert first.id != third.id
    assert load_page(source, url_filter=third.url) == third
    assert third.fetched
    with pytest.raises(PageError, match="there is no page 2 with 'no such thing' in its address, only 0"):
        load_page(source, record=2, url_filter="no such thing")
