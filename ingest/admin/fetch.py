"""Downloads one file from a site on the list, and from nowhere else: what a name resolves to is what is connected to.

`https` only; `http` is for a loopback site that the list names, as the tests do.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from ingest.admin import texts
from ingest.admin.filetype import suffix_of
from ingest.load import MAX_BYTES
from rag.errors import UnreadableFile

PORTS = {"https": 443, "http": 80}
REDIRECTS = {301, 302, 303, 307, 308}
BLOCK = 65_536
CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\\]|[\u200b-\u200f\u2028-\u202e]")
AGENT = "Mozilla/5.0 (compatible; kbqa-ingest)"
Count = Callable[[int], None]
"""Called with the bytes received so far."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a download may cost: seconds to connect, seconds and bytes in all, redirects."""

    connect: float = 10.0
    total: float = 60.0
    size: int = MAX_BYTES
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """A downloaded file: the address that gave it at last, a name with the right suffix, its bytes."""

    url: str
    name: str
    content: bytes


def download(url: str, hosts: Sequence[str], count: Count = lambda _: None, limits: Limits = Limits()) -> Fetched:
    """Fetch a URL whose host is on the list. Raises UnreadableFile saying what was refused or failed."""
    deadline = time.monotonic() + limits.total
    current = url
    for _ in range(limits.redirects + 1):
        site = checked(current, hosts)
        with _Call(site, limits, deadline) as call:
            reply = call.send()
            if reply.status in REDIRECTS:
                current = urljoin(current, reply.headers.get("Location", ""))
                continue
            if reply.status != http.client.OK:
                meaning = texts.STATUS_MEANINGS.get(reply.status, texts.STATUS_OTHER)
                message = texts.REPLY_STATUS.format(status=reply.status, meaning=meaning)
                raise UnreadableFile(url, message, cure=texts.CURE_BROWSER)
            content = call.body(reply, count)
        declared = reply.headers.get_content_type() if reply.headers.get("Content-Type") else ""
        name = _readable(reply.headers.get_filename() or site.path.rsplit("/", 1)[-1]) or texts.NAME_UNKNOWN
        return Fetched(current, suffix_of(url, name, declared, content), content)
    raise UnreadableFile(url, texts.TOO_MANY_REDIRECTS.format(count=limits.redirects), cure=texts.CURE_BROWSER)


def _readable(name: str) -> str:
    """A name as it was meant: percent signs resolved, bytes that were taken for Latin-1 read as Chinese."""
    plain = unquote(name)
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            return plain.encode("latin-1").decode(encoding)
    return plain


def checked(url: str, hosts: Sequence[str]) -> SplitResult:
    """The parts of a URL that may be fetched. Raises UnreadableFile."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UnreadableFile(url, texts.URL_UNREADABLE, cure=texts.CURE_URL) from error
    if CONTROL.search(url) or not host:
        raise UnreadableFile(url, texts.URL_UNREADABLE, cure=texts.CURE_URL)
    if "@" in parts.netloc:
        raise UnreadableFile(url, texts.URL_USER, cure=texts.CURE_URL)
    if parts.scheme not in PORTS:
        raise UnreadableFile(url, texts.URL_SCHEME, cure=texts.CURE_URL)
    shown = f"[{host}]" if ":" in host else host
    place = f"{shown}:{port}" if port not in {None, 443} or (parts.scheme == "http" and port) else shown
    if place not in hosts:
        raise UnreadableFile(url, texts.HOST_REFUSED.format(host=place), cure=texts.CURE_HOST)
    if parts.scheme == "http" and not _names_loopback(host):
        raise UnreadableFile(url, texts.URL_SCHEME, cure=texts.CURE_URL)
    return parts


def _names_loopback(host: str) -> bool:
    """Whether a host of the list is this machine by its very name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def addresses(url: str, host: str, port: int) -> list[str]:
    """Where a host may be reached. Raises UnreadableFile if one of its addresses is of an inner network."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreadableFile(url, texts.HOST_UNKNOWN.format(host=host), cure=texts.CURE_NETWORK) from error
    places = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for place in places:
        if not (_loopback(place) if _names_loopback(host) else is_public(place)):
            message = texts.ADDRESS_REFUSED.format(host=host, address=place)
            raise UnreadableFile(url, message, cure=texts.CURE_ADDRESS)
    return places


def _loopback(place: str) -> bool:
    return ipaddress.ip_address(place).is_loopback


def is_public(place: str) -> bool:
    """Whether an address is one of the open internet, also where it wraps another one."""
    address = ipaddress.ip_address(place.split("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        wrapped = address.sixtofour or address.teredo or address in ipaddress.ip_network("64:ff9b::/96")
        if wrapped or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


class _Call:
    """One request to one checked address; ends by itself when the time is over."""

    def __init__(self, site: SplitResult, limits: Limits, deadline: float) -> None:
        self._site, self._limits, self._deadline = site, limits, deadline
        self._url, self._host = site.geturl(), site.hostname or ""
        self._port = site.port or PORTS[site.scheme]
        self._connection = http.client.HTTPConnection(self._host, self._port)
        self._connection.default_port = PORTS[site.scheme]
        self._reply: http.client.HTTPResponse | None = None
        self._socket = socket.socket()
        self._alarm: threading.Timer | None = None

    def __enter__(self) -> "_Call":
        return self

    def __exit__(self, *_: object) -> None:
        if self._alarm:
            self._alarm.cancel()
        if self._reply:
            self._reply.close()
        self._connection.close()
        self._socket.close()

    def send(self) -> http.client.HTTPResponse:
        """Ask, and give the head of the reply."""
        target = quote(self._site.path or "/", safe="/%:@!$&'()*+,;=~") + (
            "?" + quote(self._site.query, safe="/%:@!$&'()*+,;=~?") if self._site.query else ""
        )
        heads = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
        try:
            self._connect()
            self._connection.request("GET", target, headers=heads)
            self._reply = self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise self._failure(error) from error
        return self._reply

    def _connect(self) -> None:
        place = addresses(self._url, self._host, self._port)[0]
        self._socket.close()
        self._socket = socket.create_connection((place, self._port), timeout=min(self._limits.connect, self._left()))
        self._alarm = threading.Timer(self._left(), self._hang_up)
        self._alarm.daemon = True
        self._alarm.start()
        if self._site.scheme == "https":
            secure = ssl.create_default_context()
            self._socket = secure.wrap_socket(self._socket, server_hostname=self._host, do_handshake_on_connect=False)
            self._socket.do_handshake()
        self._connection.sock = self._socket

    def _hang_up(self) -> None:
        """End the connection that the other thread reads from; its read comes back empty."""
        with suppress(OSError):  # it is over already
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def body(self, reply: http.client.HTTPResponse, count: Count) -> bytes:
        """What the reply carries, unpacked. Raises UnreadableFile beyond the limits."""
        encoding = reply.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            message = texts.ENCODING_REFUSED.format(encoding=encoding)
            raise UnreadableFile(self._url, message, cure=texts.CURE_BROWSER)
        unpack = None if encoding in {"", "identity"} else zlib.decompressobj(zlib.MAX_WBITS | 32)
        content = bytearray()
        try:
            while block := reply.read1(BLOCK):
                self._left()
                content += unpack.decompress(block, self._limits.size + 1 - len(content)) if unpack else block
                if len(content) > self._limits.size:
                    message = texts.TOO_LARGE.format(limit=f"{self._limits.size / 1_000_000:g}")
                    raise UnreadableFile(self._url, message, cure=texts.CURE_TOO_LARGE)
                count(len(content))
        except zlib.error as error:
            raise UnreadableFile(self._url, texts.ENCODING_BROKEN, cure=texts.CURE_BROWSER) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._failure(error) from error
        self._left()
        if reply.length or (unpack and not unpack.eof):
            message = texts.TRUNCATED.format(missing=reply.length or "?")
            raise UnreadableFile(self._url, message, cure=texts.CURE_TOO_SLOW)
        return bytes(content)

    def _left(self) -> float:
        """Seconds that are left. Raises UnreadableFile when there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self._slow()
        return left

    def _slow(self) -> UnreadableFile:
        message = texts.TOO_SLOW.format(seconds=self._limits.total)
        return UnreadableFile(self._url, message, cure=texts.CURE_TOO_SLOW)

    def _failure(self, error: Exception) -> UnreadableFile:
        if time.monotonic() >= self._deadline:
            return self._slow()
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        message = texts.CONNECTION_FAILED.format(host=self._host, detail=detail)
        return UnreadableFile(self._url, message, cure=texts.CURE_NETWORK)
