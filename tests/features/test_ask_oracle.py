"""On whatever chart, cycles included, nobody is named or counted whom the viewer may not see, by a naive oracle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.answers import NotForYou, NotKnown, PersonAnswer, TeamAnswer, TopAnswer
from bot.core.commands import Export, ExportScope
from bot.core.home import HomeAnswer
from bot.core.metrics import Metric
from bot.core.periods import Period
from bot.features.ask import Ask
from bot.features.asked import AskSettings
from bot.features.export import Exports
from bot.features.home import Homes
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, email, employee, fill, hire, names_in, whose
from tests.features.rig import NOW, ago, slack

NAMES = ("alice", "bob", "carol", "zoe", "gail", "dan")
TEXTS = (
    *("me", "team", "org", "reviews", "expect", "settings", "status", "help"),
    *(f"top {metric.value}" for metric in Metric),
    *(email(name) for name in (*NAMES, "ghost")),
    *(f"team {email(name)}" for name in (*NAMES, "ghost")),
)
DAY = ago(1)

Managers = Mapping[str, str]
charts = st.dictionaries(st.sampled_from(NAMES), st.sampled_from((*NAMES, "stranger")))
groups = st.frozensets(st.sampled_from(NAMES), max_size=2)


def manager_of(name: str, managers: Managers) -> str | None:
    """None for a top, for whoever is said to manage themselves, and where the manager is unknown."""
    manager = managers.get(name)
    return None if manager == name or manager not in NAMES else manager


def is_on_cycle(name: str, managers: Managers) -> bool:
    above = manager_of(name, managers)
    for _ in NAMES:
        if above is None or above == name:
            break
        above = manager_of(above, managers)
    return above == name


def is_above(upper: str, lower: str, managers: Managers) -> bool:
    """Walks up, one manager at a time; who stands on a cycle has nobody above."""
    at: str | None = lower
    while at is not None and not is_on_cycle(at, managers):
        at = manager_of(at, managers)
        if at == upper:
            return True
    return False


def may_see(viewer: str, subject: str, managers: Managers, admins: frozenset[str]) -> bool:
    return viewer == subject or viewer in admins or is_above(viewer, subject, managers)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path_factory.mktemp("oracle") / "usage.db")
    store.migrate()
    fill(store, [DAY])
    yield store
    store.close()


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(managers=charts, left=groups, admins=groups, finance=groups)
def test_nobody_out_of_sight_is_named_or_counted(
    store: SqliteStore,
    managers: Managers,
    left: frozenset[str],
    admins: frozenset[str],
    finance: frozenset[str],
) -> None:
    people = [
        employee(name, managers.get(name), archived=name in left, left_on=DAY if name in left else None)
        for name in NAMES
    ]
    hire(store, people, [slack(name) for name in NAMES])
    given = AskSettings(
        frozenset(map(email, admins)), frozenset(map(email, finance)), None, SETTINGS.sync_interval
    )
    asking = Ask(store, given)
    for viewer in NAMES:
        visible = {name for name in NAMES if may_see(viewer, name, managers, admins)}
        for text in TEXTS:
            found = asking.answer_slack(f"U{viewer.upper()}", f"{text} {DAY}" if "@" in text else text, NOW)
            assert set(names_in(found)) <= visible, (viewer, text)
            if viewer in left:
                assert found == NotKnown()
            elif isinstance(found, PersonAnswer | TeamAnswer):
                assert whose(found.figures.totals) <= visible, (viewer, text)
            elif text == "org":
                assert (found != NotForYou()) == (viewer in admins | finance)
        check_pages(store, given, viewer, set() if viewer in left else visible)
        if viewer not in left:
            check_completeness(asking, viewer, visible, managers)


def check_pages(store: SqliteStore, given: AskSettings, viewer: str, visible: set[str]) -> None:
    """The Home tab and every file, which nobody asks for by a command that names somebody."""
    slack_id = f"U{viewer.upper()}"
    page = Homes(store, given).compose(slack_id, NOW)
    assert set(names_in(page)) <= visible & {viewer}
    if isinstance(page, HomeAnswer) and page.team:
        assert whose(page.team.totals) <= visible - {viewer}
    for scope in (None, *ExportScope):
        wanted = Export(Period(DAY, NOW.date()), scope=scope)
        with Exports(store, given).open_slack(slack_id, wanted, NOW) as found:
            written = "".join(found.lines) if found else ""
        assert {name for name in NAMES if email(name) in written} <= visible


def check_completeness(asking: Ask, viewer: str, visible: set[str], managers: Managers) -> None:
    """Whoever is in sight is found, too."""
    for subject in (*NAMES, "ghost"):
        found = asking.answer_slack(f"U{viewer.upper()}", f"{email(subject)} {DAY}", NOW)
        assert isinstance(found, PersonAnswer) == (subject in visible)
        team = asking.answer_slack(f"U{viewer.upper()}", f"team {email(subject)} {DAY}", NOW)
        below = {name for name in NAMES if is_above(subject, name, managers)}
        assert isinstance(team, TeamAnswer) == (subject in visible and bool(below))
        if isinstance(team, TeamAnswer):
            assert set(names_in(team.rows)) == whose(team.figures.totals) == below
    top = asking.answer_slack(f"U{viewer.upper()}", f"top {DAY}", NOW)
    assert isinstance(top, TopAnswer)
    assert set(names_in(top)) == visible
