"""Downloads come from listed sites only, whole, in time and of the kind they claim; the server is this machine."""

import gzip
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote

import pytest

from ingest.admin.fetch import Limits, addresses, checked, download, is_public
from ingest.admin.filetype import suffix_of
from ingest.admin.official import digests
from ingest.admin.shelf import safe_name
from rag.config import Config
from rag.errors import UnreadableFile

Handler = http.server.BaseHTTPRequestHandler
PDF = b"%PDF-1.4 some text"
LIMITS = Limits(connect=2.0, total=0.6, size=100_000)


def sent(body: bytes, **heads: str) -> Callable[[Handler], None]:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        for name, value in ({"Content_Length": str(len(body))} | heads).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def moved(place: str) -> Callable[[Handler], None]:
    def answer(handler: Handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", place)
        handler.end_headers()

    return answer


def missing(handler: Handler) -> None:
    handler.send_error(404)


def dripping(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/pdf")
    handler.end_headers()
    while True:
        handler.wfile.write(b"%PDF-")
        time.sleep(0.05)


def slow_head(handler: Handler) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: b" if handler.close_connection is None else b"c")
        time.sleep(0.05)


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"%PDF-" * 10_000)


BOMB = gzip.compress(b"a" * 5_000_000)
TRAVERSAL = 'attachment; filename="../../../etc/cron.d/x.pdf"'
PAGES: dict[str, Callable[[Handler], None]] = {
    "/ok.pdf": sent(PDF, Content_Type="application/pdf"),
    "/content_1.htm": sent("<!DOCTYPE html><html>正文</html>".encode(), Content_Type="text/html; charset=utf-8"),
    "/通知.txt": sent("正文".encode(), Content_Type="text/plain"),
    "/packed.txt": sent(gzip.compress("正文".encode()), Content_Type="text/plain", Content_Encoding="gzip"),
    "/named": sent(PDF, Content_Disposition="attachment; filename*=UTF-8''%E9%80%9A%E7%9F%A5.pdf"),
    "/raw": sent(PDF, Content_Disposition='attachment; filename="通知.pdf"'.encode().decode("latin-1")),
    "/traversal": sent(PDF, Content_Disposition=TRAVERSAL),
    "/far": moved("/near"),
    "/near": moved("ok.pdf"),
    "/loop": moved("/loop"),
    "/away": moved("https://evil.example/x.pdf"),
    "/inside": moved("http://169.254.169.254/latest/meta-data"),
    "/other-port": moved("http://127.0.0.1:1/x.pdf"),
    "/file": moved("file:///etc/passwd"),
    "/missing": missing,
    "/large": sent(b"%PDF-" + b"x" * 100_000),
    "/endless": endless,
    "/drip": dripping,
    "/head": slow_head,
    "/bomb": sent(BOMB, Content_Type="text/plain", Content_Encoding="gzip"),
    "/broken.txt": sent(gzip.compress(b"a" * 5_000)[:-20], Content_Type="text/plain", Content_Encoding="gzip"),
    "/brotli": sent(b"x", Content_Encoding="br"),
    "/short.pdf": sent(PDF, Content_Length="5000"),
    "/film.pdf": sent(b"\x00\x00\x00\x18ftypmp42", Content_Type="video/mp4"),
    "/login.pdf": sent(b"<html>login</html>", Content_Type="application/pdf"),
    "/empty.pdf": sent(b""),
    "/data": sent(b'{"a": 1}', Content_Type="application/json"),
}


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # the other side has had enough
            PAGES[unquote(self.path)](self)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/ok.pdf", "ok.pdf"),
        ("/content_1.htm", "content_1.htm"),
        ("/通知.txt", "通知.txt"),
        ("/packed.txt", "packed.txt"),
        ("/named", "通知.pdf"),
        ("/raw", "通知.pdf"),
        ("/far", "ok.pdf"),
    ],
)
def test_what_is_fetched(host: str, path: str, name: str) -> None:
    seen: list[int] = []
    found = download(f"http://{host}{path}", [host], seen.append, Limits(connect=2, total=5))
    assert found.name == name
    assert found.content in {PDF, "正文".encode(), "<!DOCTYPE html><html>正文</html>".encode()}
    assert seen[-1] == len(found.content)
    assert found.url.endswith(name if path == "/far" else path)


def test_a_name_does_not_lead_elsewhere(host: str) -> None:
    found = download(f"http://{host}/traversal", [host])
    assert safe_name(found.name) == "x.pdf"


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/away", "evil.example 不在名单内"),
        ("/inside", "169.254.169.254 不在名单内"),
        ("/other-port", "127.0.0.1:1 不在名单内"),
        ("/file", "网址读不懂"),
        ("/loop", "跳转超过 3 次"),
        ("/missing", "404（没有这个页面）"),
        ("/large", "超过 0.1 MB"),
        ("/endless", "超过 0.1 MB"),
        ("/bomb", "超过 0.1 MB"),
        ("/drip", "超过 1 秒"),
        ("/head", "超过 1 秒"),
        ("/broken.txt", "没有完整"),
        ("/short.pdf", "没有完整"),
        ("/brotli", "br"),
        ("/film.pdf", "video/mp4"),
        ("/login.pdf", "像 .htm"),
        ("/data", "application/json"),
    ],
)
def test_what_is_refused(host: str, path: str, word: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        download(f"http://{host}{path}", [host], limits=LIMITS)
    assert word in caught.value.message
    assert caught.value.cure


def test_nobody_there() -> None:
    with pytest.raises(UnreadableFile, match="连不上"):
        download("http://127.0.0.1:9/x.pdf", ["127.0.0.1:9"], limits=LIMITS)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.gov.cn/x",
        "https://www.gov.cn.evil.example/",
        "https://evilwww.gov.cn/",
        "https://gov.cn/",
        "https://www.gov.cn./",
        "https://www.gov.cn:8443/",
        "https://user:pass@www.gov.cn/",
        "https://www.gov.cn@evil.example/",
        "https://evil.example\\@www.gov.cn/",
        "https://evil.example#@www.gov.cn/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://ｗｗｗ.gov.cn/",
        "https://www.gov.cn\n.evil.example/",
        "ftp://www.gov.cn/",
        "//www.gov.cn/x",
        "https://[broken/",
        "https://www.gov.cn:99999/",
        "",
    ],
)
def test_addresses_off_the_list(url: str) -> None:
    with pytest.raises(UnreadableFile):
        checked(url, ["www.gov.cn"])


def test_addresses_on_the_list() -> None:
    assert checked("https://WWW.gov.cn/a?b=c", ["www.gov.cn"]).hostname == "www.gov.cn"
    assert checked("https://www.gov.cn:443/", ["www.gov.cn"])
    assert checked("https://www.gov.cn:8443/", ["www.gov.cn:8443"])
    assert checked("http://localhost:80/", ["localhost:80"])
    assert checked("https://[::1]:444/", ["[::1]:444"])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        ("::ffff:8.8.8.8", True),
        *((inner, False) for inner in ("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254")),
        *((inner, False) for inner in ("100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1")),
        *((inner, False) for inner in ("::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "fec0::1")),
        *((inner, False) for inner in ("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:1::")),
    ],
)
def test_inner_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_listed_name_that_leads_inside_is_refused() -> None:
    """127.1 is no name of this machine to the list, but the resolver makes 127.0.0.1 of it."""
    with pytest.raises(UnreadableFile, match="内部地址"):
        addresses("https://127.1/", "127.1", 443)
    assert addresses("http://localhost/", "localhost", 80)


@pytest.mark.parametrize(
    ("name", "declared", "content", "found"),
    [
        ("a.doc", "application/msword", b"PK\x03\x04..word/document.xml", "a.docx"),
        ("a", "application/octet-stream", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc"),
        ("a.et", "application/octet-stream", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.et"),
        ("t20250101_123.html", "text/html", b"<div>fragment</div>", "t20250101_123.html"),
        ("show.do", "text/html", b"\xef\xbb\xbf\n<!-- x -->\n<html>", "show.do.html"),
        ("a.txt", "", "通知".encode("gb18030"), "a.txt"),
        ("scan.jpeg", "image/jpeg", b"\xff\xd8\xff\xe0", "scan.jpeg"),
        ("a", "application/pdf", b"%PDF-1.7", "a.pdf"),
    ],
)
def test_the_kind_of_a_file(name: str, declared: str, content: bytes, found: str) -> None:
    assert suffix_of("https://www.gov.cn/", name, declared, content) == found


@pytest.mark.parametrize(
    ("name", "declared", "content"),
    [
        ("a.pdf", "", b"<!doctype html><html>"),
        ("a.zip", "application/zip", b"PK\x03\x04 something"),
        ("a.exe", "application/octet-stream", b"MZ\x90\x00\x03\x00"),
        ("a.docx", "application/pdf", b"PK\x03\x04 word/"),
        ("a.txt", "text/plain", b"<html>"),
    ],
)
def test_the_kinds_that_contradict_or_are_unknown(name: str, declared: str, content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        suffix_of("https://www.gov.cn/", name, declared, content)


def test_the_digests_of_the_shipped_knowledge_base() -> None:
    found = digests(Config())
    assert found.without > 0
    listed = digests(replace(Config(), fetch_hosts=()))
    assert listed.sources == ()
    assert listed.outside == found.outside + len(found.sources)
