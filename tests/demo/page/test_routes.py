"""What each address gives."""

from __future__ import annotations

import re

import httpx
import pytest
from slack_sdk import WebClient

from bot.demo.page.site import Site
from bot.demo.slack import SlackServer
from tests.demo.page.small_app import BUTTONS, SmallApp, section

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url)


def test_the_first_page_offers_everybody(page: httpx.Client, site: Site) -> None:
    text = page.get("/").text
    assert re.findall(r'class="card" href="/as/(\w+)"', text) == ["UALICE", "UBOB", "UDAN", "UZOE"]
    assert "invented" in text
    assert "refresh" not in text
    site.desk.announce("Wait a little.")
    assert '<meta http-equiv="refresh"' in page.get("/").text


def test_a_chosen_person_is_led_to_general(page: httpx.Client) -> None:
    answer = page.get("/as", params={"user": "UBOB"}, follow_redirects=True)
    assert answer.url.path == "/as/UBOB/C0GENERAL1"
    assert '<option value="UBOB" selected>' in answer.text


def test_somebody_who_has_left_sees_why_there_is_nothing(page: httpx.Client) -> None:
    text = page.get("/as/UZOE/C0GENERAL1").text
    assert "Zoe has left the company" in text
    assert "deactivated" in text
    assert 'id="say"' not in text


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/as/UNOBODY/C0GENERAL1", "/as/UBOB/C404", "/as/UBOB/DBOB", "/as/bob", "/static/page/no.js",
     "/static/page/page.py", "/exchange/9", "/as/UBOB/view/V1", "/as/UBOB/file/F1",
     "/as/UBOB/message/C0GENERAL1/1.2", "/as/USLACKBOT/home"],
)  # fmt: skip
def test_what_is_not_there_says_so(page: httpx.Client, path: str) -> None:
    answer = page.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/as/UBOB/say", b"no JSON"),
        ("/as/UBOB/say", b"[]"),
        ("/as/UBOB/say", b"{}"),
        ("/as/UZOE/say", b'{"channel": "C0GENERAL1", "text": "hello"}'),
        ("/as/UBOB/say", b'{"channel": "DALICE", "text": "hello"}'),
        (
            "/as/UBOB/press",
            b'{"place": {"view": "V1"}, "used": {"block_id": "b", "action_id": "a", "values": {}}}',
        ),
        ("/as/UBOB/press", b'{"place": "V1", "used": {}}'),
        ("/as/UBOB/press", b'{"place": {}, "used": {}}'),
        ("/as/UBOB/submit", b'{"view": "V1", "values": []}'),
        ("/as/UZOE/open/home", b"{}"),
        ("/as/UBOB/submit", b'{"view": "V1", "values": {}}'),
        ("/clock/week", b"{}"),
        ("/nowhere", b"{}"),
    ],
)
def test_what_cannot_be_done_says_so_in_a_sentence(page: httpx.Client, path: str, body: bytes) -> None:
    answer = page.post(path, content=body)
    assert answer.status_code == 404
    assert answer.json()["problem"].startswith("That did not work: ")


def test_channels_are_seen_by_their_members_alone(page: httpx.Client, slack: SlackServer) -> None:
    spend = slack.workspace.add_channel("spend", private=True, has_bot=True, people=["UALICE"])
    assert "spend" in page.get("/as/UALICE/C0GENERAL1").text
    assert "spend" not in page.get("/as/UBOB/C0GENERAL1").text
    assert page.get(f"/as/UBOB/{spend}").status_code == 404
    assert page.post("/as/UBOB/say", json={"channel": spend, "text": "hi"}).status_code == 404


def test_an_answer_is_seen_by_the_one_who_asked(
    page: httpx.Client, small_app: SmallApp, slack: SlackServer
) -> None:
    said = {"channel": "C0GENERAL1", "text": "/codex-usage me @Alice"}
    assert page.post("/as/UBOB/say", json=said).json() == {"problem": ""}
    slack.wait_for_reply("UBOB")
    assert small_app.heard[0]["text"] == "me <@UALICE|alice>"
    text = page.get("/as/UBOB/C0GENERAL1").text
    assert "Only visible to you" in text
    assert "You said me" in text
    assert "You said me" not in page.get("/as/UALICE/C0GENERAL1").text


def test_hostile_names_and_texts_stay_text(page: httpx.Client, slack: SlackServer) -> None:
    slack.workspace.change_member("UBOB", real_name=HOSTILE, profile={"display_name": HOSTILE})
    page.post("/as/UBOB/say", json={"channel": "C0GENERAL1", "text": f"{HOSTILE} <script>alert(1)</script>"})
    slack.workspace.add_channel(HOSTILE)
    for path in ("/", "/as/UALICE/C0GENERAL1", "/as/UBOB/home"):
        text = page.get(path).text
        assert "<img" not in text
        assert "<script>" not in text
        assert "&lt;img" in text


def test_a_new_name_stands_at_old_messages_too(page: httpx.Client, slack: SlackServer) -> None:
    secret = slack.workspace.add_channel("board", private=True, people=["UALICE"])
    slack.delivery.say("UBOB", f"about <#{secret}>", "C0GENERAL1")
    assert "#board" in page.get("/as/UALICE/C0GENERAL1").text
    assert "board" not in page.get("/as/UDAN/C0GENERAL1").text
    slack.workspace.change_member("UBOB", real_name="Bob the Builder")
    assert "Bob the Builder</strong>" in page.get("/as/UALICE/C0GENERAL1").text


def test_a_message_and_a_view_can_be_copied(
    page: httpx.Client, slack: SlackServer, client: WebClient
) -> None:
    ts = client.chat_postMessage(channel="UBOB", text="x", blocks=[BUTTONS])["ts"]
    view = client.views_publish(user_id="UBOB", view={"type": "home", "blocks": [section("Week")]})["view"]
    assert page.get(f"/as/UBOB/message/DBOB/{ts}").json() == [BUTTONS]
    assert page.get(f"/as/UALICE/message/DBOB/{ts}").status_code == 404
    assert page.get(f"/as/UBOB/view/{view['id']}").json()[0]["text"]["text"] == "Week"
    assert page.get(f"/as/UALICE/view/{view['id']}").status_code == 404


def test_a_file_is_downloaded_by_those_who_see_it(
    page: httpx.Client, small_app: SmallApp, slack: SlackServer
) -> None:
    page.post("/as/UBOB/say", json={"channel": "C0GENERAL1", "text": "/codex-usage file"})
    slack.workspace.wait_until(lambda: slack.dms_to("UBOB"))
    assert "usage.csv" in page.get("/as/UBOB/messages").text
    download = page.get("/as/UBOB/file/F0000000001")
    assert download.content == b"a,b\n"
    assert download.headers["content-disposition"] == "attachment; filename*=UTF-8''usage.csv"
    assert page.get("/as/UALICE/file/F0000000001").status_code == 404


def test_the_inspector_shows_both_sides_of_an_exchange(
    page: httpx.Client, client: WebClient, slack: SlackServer
) -> None:
    client.chat_postMessage(channel="UBOB", text="digest")
    shown = page.get("/exchange/1").json()
    assert shown["title"] == "Web API: chat.postMessage"
    assert '"text": "digest"' in shown["request"]
    assert '"ok": true' in shown["answer"]
    page_text = page.get("/as/UBOB/about").text
    assert "chat.postMessage" in page_text
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret):
        assert secret not in page_text + shown["request"] + shown["answer"]


def test_in_the_apps_messages_nobody_can_write(page: httpx.Client) -> None:
    assert "has been turned off" in page.get("/as/UBOB/messages").text
    assert page.post("/as/UBOB/say", json={"channel": "DBOB", "text": "hello"}).status_code == 404


def test_about_says_what_the_manifest_says(page: httpx.Client) -> None:
    text = page.get("/as/UBOB/about").text
    assert "It reads counts only" in text
    assert "/codex-usage [me | team" in text


def test_an_app_without_a_home_tab_shows_none(page: httpx.Client, slack: SlackServer) -> None:
    assert "/as/UBOB/home" in page.get("/as/UBOB/messages").text
    slack.installation.home_tab_enabled = False
    assert "/as/UBOB/home" not in page.get("/as/UBOB/messages").text
