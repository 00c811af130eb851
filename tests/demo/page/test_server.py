"""The page is for whoever sits at this machine, and for no web site that they visit."""

from __future__ import annotations

import socket
from contextlib import closing

import httpx
import pytest

from bot.demo.page.server import HOST, PageServer
from bot.demo.page.serving import serving
from bot.demo.page.site import Site


def test_nothing_is_loaded_from_elsewhere_and_nothing_frames_it(page: httpx.Client) -> None:
    for path in ("/", "/as/UALICE/C0GENERAL1", "/nowhere", "/static/page/page.js"):
        headers = page.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_no_page_has_script_or_style_of_its_own(page: httpx.Client) -> None:
    for path in ("/", "/as/UALICE/C0GENERAL1", "/as/UALICE/home", "/as/UZOE/C0GENERAL1"):
        text = page.get(path).text
        assert "<script>" not in text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1", ""])
def test_another_name_for_this_machine_gets_nothing(page: httpx.Client, host: str) -> None:
    port = page.base_url.port
    refused = page.get("/", headers={"Host": host.format(port=port)})
    assert refused.status_code == 421
    assert f"127.0.0.1:{port}" in refused.text


def test_localhost_is_this_machine_too(page: httpx.Client) -> None:
    host = f"localhost:{page.base_url.port}"
    assert page.get("/", headers={"Host": host}).status_code == 200
    said = {"channel": "C0GENERAL1", "text": "hello"}
    assert (
        page.post("/as/UBOB/say", json=said, headers={"Host": host, "Origin": f"http://{host}"}).status_code
        == 200
    )


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://{host}", None]
)
def test_another_site_can_do_nothing(page: httpx.Client, site: Site, origin: str | None) -> None:
    del page.headers["Origin"]
    host = page.base_url.netloc.decode()
    headers = {} if origin is None else {"Origin": origin.format(host=host)}
    refused = page.post("/as/UBOB/say", json={"channel": "C0GENERAL1", "text": "hello"}, headers=headers)
    assert refused.status_code == 403
    assert site.slack.messages_in("general") == []


@pytest.mark.parametrize("length", ["99999999", "-1", "many"])
def test_a_body_that_is_too_long_or_of_no_length_is_not_read(page: httpx.Client, length: str) -> None:
    with closing(socket.create_connection((HOST, page.base_url.port or 0), timeout=5)) as raw:
        host = page.base_url.netloc.decode()
        raw.sendall(
            f"POST /as/UBOB/say HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
            f"Content-Length: {length}\r\n\r\n".encode()
        )
        answer = b""
        while piece := raw.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_it_listens_on_loopback_alone_and_a_port_is_taken_once(site: Site) -> None:
    server = PageServer()
    with serving(server, site) as url:
        assert url.startswith(f"http://{HOST}:")
        with pytest.raises(OSError, match="in use"):
            PageServer(int(url.rpartition(":")[2]))


def test_it_ends_at_once_though_browsers_keep_connections(site: Site) -> None:
    with serving(PageServer(), site) as url, httpx.Client(trust_env=False, verify=False) as client:
        assert client.get(url).status_code == 200
        idle = socket.create_connection((HOST, int(url.rpartition(":")[2])))
        stream = client.stream("GET", f"{url}/as/UBOB/C0GENERAL1/events")
        assert next(stream.__enter__().iter_lines()).startswith("retry:")
    stream.__exit__(None, None, None)
    idle.close()
