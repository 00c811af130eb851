"""Which address gives what: the table of the page's routes, and the few lines behind each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, quote

from bot.demo import blocks
from bot.demo.page import actions, inspector
from bot.demo.page.places import MissingError, find_place
from bot.demo.page.server import Stream
from bot.demo.page.site import Site
from bot.demo.page.templating import fill
from bot.demo.slack.exchange import Answer, Request, json_answer
from bot.demo.slack.values import Json, RefusedError
from bot.demo.slack.workspace import GENERAL

HTML = "text/html; charset=utf-8"
_FOLDERS = {"page": Path(__file__).parent / "static", "blocks": Path(blocks.__file__).parent}
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# What a page lacks is told; anything else is a fault of ours. What a browser posts may be wrong in any way.
ERRORS: dict[str, tuple[type[Exception], ...]] = {
    "GET": (MissingError, RefusedError),
    "POST": (LookupError, ValueError, RefusedError),
}
_PERSON = r"/as/(?P<user_id>[A-Z0-9]{1,20})"
_WHERE = r"(?P<where>[A-Z0-9]{2,20}|home|messages|about)"


@dataclass(frozen=True, slots=True)
class Route:
    """``answer`` gets the site, the request, and the parts of the path."""

    method: str
    path: re.Pattern[str]
    answer: Callable[..., Answer | Stream]


def respond(site: Site, request: Request) -> Answer | Stream:
    """The answer to any request that the server let through."""
    for route in ROUTES:
        found = route.path.fullmatch(request.path)
        if found and route.method == request.method:
            try:
                return route.answer(site, request, **found.groupdict())
            except ERRORS[request.method] as error:
                return _missing(request, str(error))
    return _missing(request, "no such page")


def _start(site: Site, _request: Request) -> Answer:
    return _page("start", people=site.people(), notice=site.desk.notice)


def _choose(_site: Site, request: Request) -> Answer:
    user_id = parse_qs(request.query).get("user", [""])[0]
    return _go_to(f"/as/{quote(user_id, safe='')}")


def _enter(_site: Site, _request: Request, user_id: str) -> Answer:
    return _go_to(f"/as/{user_id}/{GENERAL}")


def _workspace(site: Site, _request: Request, user_id: str, where: str) -> Answer:
    place = find_place(site.slack.workspace, user_id, where)
    person = site.person(user_id)
    if person.has_left:
        return _page("left", people=site.people(), person=person, team=site.slack.installation.team_name)
    return _page("workspace", **site.describe(place, person))


def _events(site: Site, _request: Request, user_id: str, where: str) -> Stream:
    return Stream(site.feed.follow(find_place(site.slack.workspace, user_id, where)))


def _say(site: Site, request: Request, user_id: str) -> Answer:
    body = _read(request)
    return _done(site.actions.say(user_id, str(body["channel"]), str(body["text"])))


def _press(site: Site, request: Request, user_id: str) -> Answer:
    body = _read(request)
    return _done(site.actions.press(user_id, _object(body, "place"), _object(body, "used")))


def _submit(site: Site, request: Request, user_id: str) -> Answer:
    body = _read(request)
    return _done(site.actions.submit(user_id, str(body["view"]), _object(body, "values")))


def _close(site: Site, request: Request, user_id: str) -> Answer:
    body = _read(request)
    return _done(site.actions.close(user_id, str(body["view"]), everything=body.get("everything") is True))


def _open(site: Site, _request: Request, user_id: str, where: str) -> Answer:
    if site.person(user_id).has_left:
        raise MissingError("they have left")
    site.actions.open(user_id, where)
    return _done("")


def _message(site: Site, _request: Request, user_id: str, channel_id: str, ts: str) -> Answer:
    for message in site.slack.workspace.seen_by(user_id, channel_id):
        if message.ts == ts:
            return _text(message.body.get("blocks") or [{"text": message.body.get("text", "")}])
    raise MissingError("no such message")


def _view(site: Site, _request: Request, user_id: str, view_id: str) -> Answer:
    workspace = site.slack.workspace
    home = workspace.home_of(user_id)
    for view in (*([home] if home else []), *workspace.modals_of(user_id)):
        if view["id"] == view_id:
            return _text(view["blocks"])
    raise MissingError("no such view")


def _file(site: Site, _request: Request, user_id: str, file_id: str) -> Answer:
    name, content = actions.find_file(site.slack, user_id, file_id)
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Answer(200, content, "application/octet-stream", {"Content-Disposition": disposition})


def _exchange(site: Site, _request: Request, number: str) -> Answer:
    return json_answer(inspector.show_exchange(site.slack.workspace, int(number)))


def _clock(site: Site, request: Request, lever: str) -> Answer:
    return json_answer({"said": site.clock.pull(lever, _read(request))})


def _static(_site: Site, _request: Request, folder: str, name: str) -> Answer:
    path = _FOLDERS[folder] / name
    if path.suffix not in _TYPES:
        raise MissingError(name)
    return Answer(200, _read_static(path), _TYPES[path.suffix])


@cache
def _read_static(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise MissingError(path.name) from error


def _read(request: Request) -> Json:
    return _object({"": json.loads(request.body)}, "")


def _object(body: Json, name: str) -> Json:
    value = body[name]
    if not isinstance(value, dict):
        raise ValueError(f"{name or 'that'} is no object")  # noqa: TRY004 - it is the text that is wrong
    return value


def _page(template: str, **values: object) -> Answer:
    return Answer(200, fill(template, **values).encode(), HTML)


def _text(value: object) -> Answer:
    return Answer(200, inspector.to_text(value).encode(), "text/plain; charset=utf-8")


def _done(problem: str) -> Answer:
    return json_answer({"problem": problem})


def _go_to(path: str) -> Answer:
    return Answer(HTTPStatus.SEE_OTHER, b"", HTML, {"Location": path})


def _missing(request: Request, reason: str) -> Answer:
    if request.method == "POST":
        return json_answer({"problem": f"That did not work: {reason}."}, HTTPStatus.NOT_FOUND)
    return Answer(HTTPStatus.NOT_FOUND, fill("missing", reason=reason).encode(), HTML)


def _get(path: str, answer: Callable[..., Answer | Stream]) -> Route:
    return Route("GET", re.compile(path), answer)


def _post(path: str, answer: Callable[..., Answer | Stream]) -> Route:
    return Route("POST", re.compile(path), answer)


ROUTES = (
    _get(r"/", _start),
    _get(r"/as", _choose),
    _get(_PERSON, _enter),
    _get(rf"{_PERSON}/{_WHERE}", _workspace),
    _get(rf"{_PERSON}/{_WHERE}/events", _events),
    _get(rf"{_PERSON}/message/(?P<channel_id>[A-Z0-9]+)/(?P<ts>[\d.]+)", _message),
    _get(rf"{_PERSON}/view/(?P<view_id>[A-Z0-9]+)", _view),
    _get(rf"{_PERSON}/file/(?P<file_id>[A-Z0-9]+)", _file),
    _get(r"/exchange/(?P<number>\d{1,12})", _exchange),
    _get(r"/static/(?P<folder>page|blocks)/(?P<name>[a-z]+\.[a-z]+)", _static),
    _post(rf"{_PERSON}/say", _say),
    _post(rf"{_PERSON}/press", _press),
    _post(rf"{_PERSON}/submit", _submit),
    _post(rf"{_PERSON}/close", _close),
    _post(rf"{_PERSON}/open/(?P<where>home|messages)", _open),
    _post(r"/clock/(?P<lever>[a-z-]+)", _clock),
)
