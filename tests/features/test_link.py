"""Who is an employee, whose an account is and who is who in Slack, as rosters and directories come and go."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest

from bot.core.people import Person
from tests.features.rig import NOW, World, ago, failures, notes, only, parts_of, slack, usage

HEADER = "email,name,manager_email,team,status,left_on,aliases"


def row(name: str, manager: str = "", **cells: str) -> str:
    """A row of the roster."""
    values = {
        "email": f"{name}@example.com",
        "name": name.title(),
        "manager_email": f"{manager}@example.com" if manager else "",
    }
    return ",".join((values | cells).get(column, "") for column in HEADER.split(","))


def person(world: World, name: str) -> Person:
    with world.store.snapshot() as snapshot:
        found = snapshot.find_person(email=f"{name}@example.com")
    assert found is not None
    return found


def archived(world: World) -> set[str]:
    return {employee.name for employee in world.store.load_employees().values() if employee.archived}


def is_above(world: World, upper: str, lower: str) -> bool:
    return person(world, upper).place.is_above(person(world, lower).place)


def use(world: World, *names: str, days: int = 1) -> None:
    """One credit each on one day."""
    world.table.put(ago(days), [usage(name, ago(days)) for name in names])


def test_without_a_roster_everyone_in_slack_with_an_address_is_an_employee_without_a_manager(
    world: World,
) -> None:
    world.directory.people = [
        slack("alice", email="Alice@Example.com"),
        slack("carol"),
        slack("usagebot", is_bot=True),
        slack("nobody", email=None),
        slack("zoe", deleted=True),
    ]
    use(world, "alice", "carol")

    world.sync_week()

    employees = world.store.load_employees()
    assert sorted(employees) == ["alice@example.com", "carol@example.com", "zoe@example.com"]
    assert archived(world) == {"Zoe"}
    assert person(world, "alice").slack_id == "UALICE"
    assert person(world, "zoe").slack_id is None
    assert not is_above(world, "alice", "carol")
    assert world.spent_by("alice@example.com") == 1
    assert world.findings("roster") == world.findings("chart") == []


def test_with_a_roster_only_who_stands_in_it_is_an_employee(world: World) -> None:
    world.write_roster(HEADER, row("alice"), row("bob", "alice"), row("carol", "bob", team="Platform"))
    world.directory.people = [slack("alice"), slack("carol"), slack("visitor")]
    use(world, "carol", "visitor")

    world.sync_week()

    assert is_above(world, "alice", "carol")
    assert person(world, "carol").team == "Platform"
    assert person(world, "bob").slack_id is None
    assert world.unattributed() == 1
    assert world.findings("link") == [
        "Employee bob@example.com is not in Slack under any of their addresses.",
        "Slack person UVISITOR (visitor@example.com) belongs to nobody in the roster.",
        "Account user-visitor (visitor@example.com) belongs to nobody in the roster.",
    ]


def test_an_alias_links_in_slack_and_in_usage(world: World) -> None:
    world.write_roster(HEADER, row("carol", aliases="c.archer@example.com;ca@corp.example"))
    world.directory.people = [slack("carol", email="ca@corp.example")]
    use(world, "c.archer")

    world.sync_week()

    assert person(world, "carol").slack_id == "UCAROL"
    assert world.spent_by("carol@example.com") == 1


def test_an_address_that_two_claim_is_nobodys(world: World) -> None:
    world.write_roster(HEADER, row("bob", aliases="dev@example.com"), row("dan", aliases="dev@example.com"))
    world.directory.people = [slack("dev")]
    use(world, "dev")

    world.sync_week()

    assert world.unattributed() == 1
    assert person(world, "bob").slack_id is None
    assert world.findings("link")[0] == (
        "Address dev@example.com is linked to nobody, because several employees claim the address:"
        " bob@example.com, dan@example.com."
    )

    world.write_roster(HEADER, row("bob", aliases="dev@example.com"), row("dan"))
    world.sync_week()
    assert world.spent_by("bob@example.com") == 1
    assert person(world, "bob").slack_id == "UDEV"


def test_what_a_leaver_used_counts_to_the_last_day_and_from_then_on_as_nobodys(world: World) -> None:
    world.write_roster(HEADER, row("bob"), row("zoe", "bob", left_on=f"{ago(3)}"))
    for days in (4, 3, 2, 1):
        use(world, "zoe", days=days)

    world.sync_week()

    assert person(world, "zoe").archived
    assert (world.spent_by("zoe@example.com"), world.unattributed()) == (2, 2)
    assert is_above(world, "bob", "zoe")


def test_a_last_day_to_come_archives_without_any_edit_once_it_has_passed(world: World) -> None:
    world.write_roster(HEADER, row("bob"), row("zoe", left_on=f"{ago(-1)}"), *map(row, "uvwxy"))
    world.sync_week()
    assert archived(world) == set()

    world.clock.pass_by(days=1)
    assert only(world.sync_week(), "roster").vanished == 0

    world.clock.pass_by(days=1)
    use(world, "zoe", days=-2)
    assert only(world.sync_week(), "roster").vanished == 1
    assert archived(world) == {"Zoe"}
    assert world.unattributed() == 1


def test_the_day_is_that_of_the_organisations_zone(world: World) -> None:
    world.write_roster(HEADER, row("bob"), row("zoe", left_on=f"{ago(0)}"), *map(row, "uvwxy"))

    world.sync(today=ago(0))
    assert archived(world) == set()

    world.sync(today=ago(-1))
    assert archived(world) == {"Zoe"}


def test_whoever_is_missing_from_a_newer_file_is_archived_from_the_day_it_was_read(world: World) -> None:
    staff = [row(name) for name in ("alice", "bob", "carol", "dan", "zoe")]
    world.write_roster(HEADER, *staff)
    use(world, "zoe", days=1)
    world.sync_week()
    world.write_roster(HEADER, *staff[:4])

    world.sync_week()

    assert person(world, "zoe").archived
    assert person(world, "zoe").left_on == world.today
    assert world.spent_by("zoe@example.com") == 1

    world.write_roster(HEADER, *staff)
    world.clock.pass_by(days=2)
    use(world, "zoe", days=-1)
    part = only(world.sync_week(), "roster")
    assert (part.new, person(world, "zoe").archived, person(world, "zoe").left_on) == (1, False, None)
    assert world.spent_by("zoe@example.com") == 2


def test_a_row_that_cannot_be_read_archives_nobody_and_the_rest_goes_on(world: World) -> None:
    world.write_roster(HEADER, row("alice"), row("bob", "alice"))
    world.sync_week()
    world.write_roster(HEADER, row("alice"), row("bob", status="gone"), row("carol", "bob"))

    report = world.sync_week()

    assert archived(world) == set()
    assert is_above(world, "alice", "carol")
    part = only(report, "roster")
    assert (part.rows, part.new, part.poisoned, part.error) == (2, 1, 1, None)
    assert notes(report) == ["Line 3: status 'gone' is neither active nor archived. The row is left out."]
    assert world.findings("roster") == notes(report)


def test_a_roster_that_archives_more_than_a_fifth_is_refused_until_it_is_forced(world: World) -> None:
    staff = [row(name) for name in ("alice", "bob", "carol", "dan", "zoe")]
    world.write_roster(HEADER, *staff)
    world.sync_week()
    world.write_roster(HEADER, *staff[:3], row("erin"))
    use(world, "carol")

    report = world.sync_week()

    assert failures(report) == {
        "roster": "The roster would archive 2 of 5 active people at once, which is more than 20 %, so nothing was"
        " changed. If they really left, run `codex-usage-bot sync --force-roster`."
    }
    assert archived(world) == set()
    assert "erin@example.com" not in world.store.load_employees()
    assert world.spent_by("carol@example.com") == 1  # usage goes on

    assert world.sync(force_roster=True).is_good
    assert archived(world) == {"Dan", "Zoe"}
    assert "erin@example.com" in world.store.load_employees()


def test_the_first_roster_of_a_company_that_began_without_one_is_not_refused(world: World) -> None:
    names = ("alice", "bob", "visitor", "guest", "temp")
    world.directory.people = [slack(name) for name in names]
    world.sync_week()
    world.write_roster(HEADER, row("alice"), row("bob", "alice"))

    assert world.sync_week().is_good

    assert archived(world) == {"Visitor", "Guest", "Temp"}
    assert is_above(world, "alice", "bob")

    world.write_roster(HEADER, row("alice"))
    assert "roster" in failures(world.sync_week())


def test_a_first_roster_that_changes_nothing_is_in_use_all_the_same(world: World) -> None:
    names = ("alice", "bob", "carol", "dan", "zoe")
    world.directory.people = [slack(name, timezone=None) for name in names]
    world.sync_week()
    world.write_roster(HEADER, *map(row, names))
    assert world.sync_week().is_good

    world.write_roster(HEADER, *map(row, names[:2]))

    assert "roster" in failures(world.sync_week())
    assert archived(world) == set()


def test_cycles_and_unknown_managers_are_reported_and_widen_nothing(world: World) -> None:
    world.write_roster(
        HEADER,
        row("mona", "nils"),
        row("nils", "mona"),
        row("olga", "nils"),
        row("paul", "nobody"),
        row("quin", "quin"),
    )
    world.sync_week()

    mended = "until that is mended nobody above sees them."
    assert world.findings("chart") == [
        f"mona@example.com reports to nils@example.com, who reports back to them (a cycle); {mended}",
        f"nils@example.com reports to mona@example.com, who reports back to them (a cycle); {mended}",
        f"paul@example.com reports to nobody@example.com, who is not in the roster; {mended}",
    ]
    assert world.findings("roster") == [
        "Line 6: quin@example.com is entered as their own manager; they count as having none."
    ]
    assert is_above(world, "nils", "olga")
    assert not is_above(world, "mona", "nils")
    assert not is_above(world, "mona", "olga")

    world.write_roster(HEADER, *map(row, ("mona", "nils", "olga", "paul", "quin")))
    world.sync_week()
    assert world.findings("chart") == world.findings("roster") == []


def test_nothing_is_linked_anew_while_nothing_has_changed(world: World) -> None:
    world.write_roster(HEADER, row("alice"))
    world.directory.people = [slack("alice")]
    use(world, "alice")
    assert [part.name for part in parts_of(world.sync_week(), "links")] == ["links"]

    assert parts_of(world.sync_week(), "links") == []

    world.directory.people = [slack("alice", timezone="Asia/Tokyo")]
    assert len(parts_of(world.sync_week(), "links")) == 1


def test_a_new_hire_is_taken_over_as_slack_tells_it(world: World) -> None:
    world.write_roster(HEADER, row("alice"), row("carol", "alice"))
    world.directory.people = [slack("alice")]
    world.sync_week()

    world.people().take_change(slack("carol"), world.clock.now, world.today)

    assert person(world, "carol").slack_id == "UCAROL"
    assert person(world, "alice").slack_id == "UALICE"
    assert world.findings("link") == []


def test_a_new_hire_without_a_roster(world: World) -> None:
    world.directory.people = [slack("alice")]
    use(world, "carol")
    world.sync_week()
    assert world.unattributed() == 1

    world.people().take_change(slack("carol"), world.clock.now, world.today)

    assert world.spent_by("carol@example.com") == 1


def test_a_changed_address_in_slack_is_taken_over(world: World) -> None:
    world.write_roster(HEADER, row("alice"), row("carol", "alice"))
    world.directory.people = [slack("carol")]
    world.sync_week()

    world.people().take_change(slack("carol", email="alice@example.com"), world.clock.now, world.today)
    assert (person(world, "alice").slack_id, person(world, "carol").slack_id) == ("UCAROL", None)

    world.people().take_change(slack("carol"), world.clock.now, world.today)
    assert (person(world, "alice").slack_id, person(world, "carol").slack_id) == (None, "UCAROL")


def test_whoever_is_deactivated_in_slack_is_linked_no_more(world: World) -> None:
    world.write_roster(HEADER, row("zoe"))
    world.directory.people = [slack("zoe")]
    world.sync_week()

    world.people().take_change(slack("zoe", deleted=True), world.clock.now, world.today)

    assert person(world, "zoe").slack_id is None
    assert not person(world, "zoe").archived  # the roster decides who works here
    assert world.findings("link")[0] == "Employee zoe@example.com is deactivated in Slack."


def test_a_change_that_changes_nothing_links_nothing(world: World) -> None:
    world.directory.people = [slack("alice")]
    world.sync_week()
    before = world.store.load_employees()

    world.people().take_change(slack("alice"), world.clock.now, date(2030, 1, 1))

    assert world.store.load_employees() == before


def test_whoever_a_complete_reading_of_the_directory_lacks_counts_as_deleted(world: World) -> None:
    world.write_roster(HEADER, row("alice"), row("zoe"))
    world.directory.people = [slack("alice"), slack("zoe")]
    world.sync_week()
    world.directory.people = [slack("alice")]

    part = only(world.sync_week(), "directory")

    assert (part.changed, part.vanished) == (0, 1)
    assert person(world, "zoe").slack_id is None


def test_two_in_slack_with_one_address_are_nobody(world: World) -> None:
    world.write_roster(HEADER, row("carol"))
    world.directory.people = [slack("carol"), slack("carol2", email="carol@example.com")]

    world.sync_week()

    assert person(world, "carol").slack_id is None
    assert world.findings("link")[0] == (
        "Employee carol@example.com is not linked, because several Slack people are one employee:"
        " UCAROL, UCAROL2."
    )


def test_without_the_roster_again_nobody_has_a_manager(world: World) -> None:
    world.write_roster(HEADER, row("alice"), row("bob", "alice"), row("dan"))
    world.directory.people = [slack("alice"), slack("bob")]
    world.sync_week()
    assert is_above(world, "alice", "bob")

    world.forget_roster()
    world.people().take_change(slack("carol"), world.clock.now, world.today)

    assert not is_above(world, "alice", "bob")
    assert archived(world) == {"Dan"}


def test_linking_begins_again_when_people_change_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that comes between reading and saving is in the links, not lost under them."""
    world.directory.people = [slack("alice")]
    world.sync_week()
    changes = [slack("bob"), slack("carol")]
    load = world.store.load_accounts

    def load_and_change() -> dict[str, str | None]:
        if changes:
            world.store.save_slack_people([changes.pop()], NOW, complete=False)
        return load()

    monkeypatch.setattr(world.store, "load_accounts", load_and_change)
    world.people().link(None, NOW.date())

    assert sorted(world.store.load_employees()) == [
        "alice@example.com",
        "bob@example.com",
        "carol@example.com",
    ]
    assert not world.store.is_linking_due()


def test_linking_stays_due_when_people_never_rest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.directory.people = [slack("alice")]
    world.sync_week()
    load, numbers = world.store.load_accounts, count()

    def load_and_change() -> dict[str, str | None]:
        world.store.save_slack_people([slack(f"p{next(numbers)}")], NOW, complete=False)
        return load()

    monkeypatch.setattr(world.store, "load_accounts", load_and_change)
    world.people().link(None, NOW.date())

    assert sorted(world.store.load_employees()) == ["alice@example.com"]
    assert world.store.is_linking_due()


def test_an_empty_directory_is_not_believed(world: World) -> None:
    """Slack always knows at least its own bot: nothing at all is a fault of theirs, not everybody's leaving."""
    world.directory.people = [slack("alice"), slack("bob")]
    world.sync_week()
    world.directory.people = []

    report = world.sync_week()

    assert failures(report) == {"directory": "Slack's directory came back empty, so nothing was changed."}
    assert archived(world) == set()
