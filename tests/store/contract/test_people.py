"""Employees, Slack people, accounts and findings, as every store must keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.core.chart import build_chart
from bot.core.linking import Linking
from bot.core.people import Employee, Place, SlackPerson
from bot.ports import Store
from tests.store.rig import EVERYONE, MONDAY, NOW, STAFF, TODAY, WEEK, save_people, sync_day, usage_row

ALICE = SlackPerson("U1", "alice@example.com", "Alice", "Europe/Berlin")
FULL = Employee(
    "ana@example.com",
    "Ana 'Ñ' \"O\" <!channel> 🙂",
    "alice@example.com",
    team="R&D; DROP TABLE employee",
    department="Labs",
    cost_center="0042",
    archived=True,
    left_on=date(2026, 10, 31),
    aliases=("a@example.com", "ana.old@example.com"),
    timezone="America/New_York",
)


def places_of(staff: Sequence[Employee]) -> Mapping[str, Place]:
    return build_chart((employee.email, employee.manager_email) for employee in staff).places


def test_an_empty_store_knows_nobody(store: Store) -> None:
    """Nothing is made up before the first sync."""
    assert store.load_employees() == {}
    assert store.load_slack_people() == []
    assert store.load_accounts() == {}
    assert store.load_findings() == []
    assert store.is_linking_due()
    with store.snapshot() as seen:
        assert seen.count_people(EVERYONE) == seen.count_active(EVERYONE, WEEK) == 0
        assert seen.load_groups(EVERYONE, WEEK, 0, 10) == []


def test_every_field_of_an_employee_comes_back(store: Store) -> None:
    save_people(store, [*STAFF, FULL])
    assert store.load_employees() == {employee.email: employee for employee in [*STAFF, FULL]}


def test_a_changed_employee_replaces_the_old_one(store: Store) -> None:
    """Every single field is noticed, also one that becomes nothing."""
    save_people(store, [*STAFF, FULL])
    plain = Employee(FULL.email, "Ana")
    for changed in (
        plain,
        FULL,
        replace(FULL, team=None),
        replace(FULL, timezone=None),
        replace(FULL, aliases=()),
    ):
        save_people(store, [*STAFF, changed])
        assert store.load_employees()[FULL.email] == changed


def test_a_person_is_found_by_address_and_by_slack_id(store: Store) -> None:
    save_people(store, slack_ids={"bob@example.com": "U2"})
    with store.snapshot() as seen:
        bob = seen.find_person(slack_id="U2")
        assert bob is not None
        assert bob == seen.find_person(email="bob@example.com")
        assert (bob.name, bob.team, bob.slack_id, bob.archived) == ("Bob", "Core", "U2", False)
        alice = seen.find_person(email="alice@example.com")
        carol = seen.find_person(email="carol@example.com")
        assert alice
        assert carol
        assert alice.place.is_above(bob.place)
        assert bob.place.is_above(carol.place)
        assert carol.place == Place(carol.place.first, carol.place.first, 2)
        zoe = seen.find_person(email="zoe@example.com")
        assert zoe is not None
        assert (zoe.archived, zoe.left_on) == (True, MONDAY)


def test_nobody_is_found_by_what_nobody_has(store: Store) -> None:
    """Neither a missing Slack id nor two missing keys match the people who have none."""
    save_people(store)
    with store.snapshot() as seen:
        assert seen.find_person(email="nobody@example.com") is None
        assert seen.find_person(slack_id="U404") is None
        assert seen.find_person() is None


def test_a_slack_id_moves_to_another_person(store: Store) -> None:
    save_people(store, slack_ids={"bob@example.com": "U2"})
    save_people(store, slack_ids={"dan@example.com": "U2"})
    with store.snapshot() as seen:
        found = seen.find_person(slack_id="U2")
        assert found is not None
        assert found.email == "dan@example.com"


def test_a_slack_address_is_told_of_one_living_human(store: Store) -> None:
    people = [
        ALICE,
        SlackPerson("U2", "bot@example.com", "Bot", None, is_bot=True),
        SlackPerson("U3", "gone@example.com", "Gone", None, deleted=True),
        SlackPerson("U4", None, "No address", None),
        SlackPerson("U5", "twice@example.com", "One", None),
        SlackPerson("U6", "twice@example.com", "Two", None),
        SlackPerson("U7", "alice@example.com", "Alice before", None, deleted=True),
    ]
    store.save_slack_people(people, NOW, complete=True)
    with store.snapshot() as seen:
        found = {p.slack_id: seen.find_slack_email(p.slack_id) for p in people}
        assert found == {"U1": "alice@example.com"} | dict.fromkeys(["U2", "U3", "U4", "U5", "U6", "U7"])
        assert seen.find_slack_email("U404") is None


def test_the_directory_comes_back_as_it_was_read(store: Store) -> None:
    guest = SlackPerson("U9", "guest@example.com", "Guest", None, is_guest=True)
    bot = SlackPerson("U8", None, "Bot", None, deleted=True, is_bot=True)
    assert store.save_slack_people([guest, bot, ALICE], NOW, complete=True) == (3, 0)
    assert store.load_slack_people() == [ALICE, bot, guest]


def test_a_complete_reading_buries_whoever_is_missing_and_a_single_change_does_not(store: Store) -> None:
    bob = SlackPerson("U2", "bob@example.com", "Bob", None)
    store.save_slack_people([ALICE, bob], NOW, complete=True)
    assert store.save_slack_people([ALICE, bob], NOW, complete=True) == (0, 0)
    assert store.save_slack_people([replace(ALICE, name="Alice B")], NOW, complete=False) == (1, 0)
    assert [p.deleted for p in store.load_slack_people()] == [False, False]
    assert store.save_slack_people([ALICE], NOW, complete=True) == (1, 1)
    assert [p.deleted for p in store.load_slack_people()] == [False, True]
    assert store.save_slack_people([ALICE], NOW, complete=True) == (0, 0)
    assert store.save_slack_people([ALICE, bob], NOW, complete=True) == (1, 0)


def test_linking_is_due_exactly_when_something_to_link_has_changed(store: Store) -> None:
    store.save_slack_people([ALICE], NOW, complete=True)
    save_people(store)
    assert not store.is_linking_due()
    store.save_slack_people([ALICE], NOW, complete=True)
    sync_day(store, MONDAY, [])
    assert not store.is_linking_due()
    for change in (
        lambda: store.save_slack_people([replace(ALICE, email="a@example.com")], NOW, complete=False),
        lambda: store.save_slack_people([], NOW, complete=True),
        lambda: sync_day(store, MONDAY, [usage_row("acc", email="alice@example.com")]),
        lambda: sync_day(store, MONDAY, [usage_row("acc", email="alice.b@example.com")]),
    ):
        change()
        assert store.is_linking_due()
        save_people(store)
        assert not store.is_linking_due()
    sync_day(store, MONDAY, [usage_row("acc", totals=5, email="alice.b@example.com")])
    assert not store.is_linking_due()


def test_an_account_has_the_address_of_its_newest_day(store: Store) -> None:
    """An older day read later is no news, and neither is a row without an address."""
    sync_day(store, MONDAY, [usage_row("acc", email="new@example.com"), usage_row("mute")])
    before, after = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)
    sync_day(store, before, [usage_row("acc", before, email="old@example.com")])
    assert store.load_accounts() == {"acc": "new@example.com", "mute": None}
    sync_day(store, after, [usage_row("acc", after), usage_row("mute", after)])
    assert store.load_accounts() == {"acc": "new@example.com", "mute": None}
    sync_day(store, before, [usage_row("mute", before, email="first@example.com")])
    sync_day(store, after, [usage_row("acc", after, email="newer@example.com")])
    assert store.load_accounts() == {"acc": "newer@example.com", "mute": "first@example.com"}


def test_findings_are_replaced_room_by_room(store: Store) -> None:
    store.save_findings("roster", ["Line 2: no", "Line 3: no"])
    store.save_findings("link", ["x is nobody"])
    store.save_findings("roster", ["Line 9: no"])
    assert store.load_findings() == [("link", "x is nobody"), ("roster", "Line 9: no")]
    store.save_findings("roster", [])
    assert store.load_findings() == [("link", "x is nobody")]


def test_the_state_of_matching_is_counted(store: Store) -> None:
    sync_day(store, MONDAY, [usage_row("acc-a"), usage_row("acc-x")])
    save_people(store, STAFF, {"acc-a": "alice@example.com"}, slack_ids={"bob@example.com": "U2"})
    with store.snapshot() as seen:
        status = seen.load_admin_status()
    assert (status.employees, status.matched_to_slack) == (7, 1)
    assert (status.accounts, status.unmatched_accounts) == (2, 1)
    assert (status.refused_days, status.last_error) == ((), None)


def test_saving_the_same_people_again_changes_nothing_that_is_told(store: Store) -> None:
    sync_day(store, MONDAY, [usage_row("acc", totals=7)])
    told = []
    for _ in range(2):
        save_people(store, STAFF, {"acc": "carol@example.com"}, today=TODAY)
        with store.snapshot() as seen:
            told.append(
                (
                    store.load_employees(),
                    seen.load_usage(EVERYONE, WEEK),
                    seen.find_person(email="carol@example.com"),
                )
            )
    assert told[0] == told[1]


def test_links_made_from_an_older_state_are_not_taken(store: Store) -> None:
    """Whatever changes meanwhile: somebody in Slack, an account, or the links themselves."""
    linking = Linking({e.email: e for e in STAFF}, places_of(STAFF), {}, {})
    for change in (
        lambda: store.save_slack_people([ALICE], NOW, complete=False),
        lambda: sync_day(store, MONDAY, [usage_row("acc-new")]),
        lambda: save_people(store, STAFF),
    ):
        version = store.load_people_version()
        change()
        before = store.load_employees()
        due = store.is_linking_due()

        assert not store.save_people(linking, TODAY, version=version)
        assert (store.load_employees(), store.is_linking_due()) == (before, due)


def test_linking_is_due_until_it_is_done(store: Store) -> None:
    save_people(store, STAFF)
    assert not store.is_linking_due()
    store.save_slack_people([ALICE], NOW, complete=False)
    assert store.is_linking_due()
    store.save_slack_people([ALICE], NOW, complete=False)
    save_people(store, STAFF)
    assert not store.is_linking_due()
