"""What the running server answers, without a browser."""

import http.client
import json
import urllib.error
import urllib.request

import pytest

CLOSED = (
    "/openapi.json",
    "/docs",
    "/redoc",
    "/monitoring",
    "/gradio_api/info",
    "/gradio_api/openapi.json",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/upload",
    "/gradio_api/run/ask",
    "/gradio_api/call/ask",
    "/gradio_api/component_server",
)


def get(address: str, body: bytes | None = None) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of one request."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data=body), timeout=30) as response:
            return (
                response.status,
                response.read().decode(),
                {name.lower(): value for name, value in response.headers.items()},
            )
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "", {name.lower(): value for name, value in error.headers.items()}


@pytest.mark.parametrize("path", ["/", "/healthz", "/config", "/nothing", "/openapi.json"])
def test_every_response_carries_the_headers(address: str, path: str) -> None:
    _, _, headers = get(address + path)
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", CLOSED)
def test_routes_that_the_page_does_not_need_are_closed(address: str, path: str) -> None:
    assert get(address + path)[0] == 404
    assert get(address + path, b"{}")[0] == 404


def test_page_and_health(address: str) -> None:
    assert get(address + "/")[0] == 200
    status, text, _ = get(address + "/healthz")
    assert status == 200
    assert json.loads(text)["status"] in {"loading", "ready"}


def test_large_bodies_are_refused_before_they_are_sent(address: str) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/gradio_api/queue/join")
    connection.putheader("content-length", "1000001")
    connection.endheaders()
    with connection.getresponse() as response:
        assert response.status == 413
    connection.close()
