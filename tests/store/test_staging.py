"""The scratch file beside the database, and the names that it turns into numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.models import Amounts, UsagePage
from bot.errors import StoreError
from bot.store.sqlite import SqliteStore
from tests.store.rig import EVERYONE, MONDAY, NOW, WEEK, amounts, sync_day, usage_row
from tests.store.sqlite_rig import dump


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    made = SqliteStore(tmp_path / "store.db", lock_seconds=0.2)
    made.migrate()
    return made


def staging_file(store: SqliteStore) -> Path:
    return store.engine.path.with_name("store.db-staging")


def test_the_scratch_file_goes_with_the_fetch_and_is_made_anew_after_a_crash(store: SqliteStore) -> None:
    staging_file(store).write_text("what a crash has left")
    with store.staging() as staged:
        assert staging_file(store).stat().st_size > 0
        assert staged.read_day(MONDAY)[0].rows == 0
    assert not staging_file(store).exists()


def test_other_processes_can_write_while_pages_are_staged(store: SqliteStore) -> None:
    """A fetch takes minutes; nobody waits for it."""
    other = SqliteStore(store.engine.path, lock_seconds=0.2)
    with store.staging() as staged:
        staged.add(UsagePage([usage_row("a", MONDAY, 1, clients={"CLI": amounts(1)})], []))
        other.save_note("meanwhile", "yes")
        staged.add(UsagePage([usage_row("b", MONDAY, 2)], []))
        assert staged.replace_days([MONDAY], NOW).new == 2
    assert store.load_note("meanwhile") == "yes"


def test_numbers_of_names_stay_over_fetches(store: SqliteStore) -> None:
    row = usage_row(
        "a", clients={"CLI": amounts(1)}, models={("m", None): amounts(1), ("m", "fast"): amounts(1)}
    )
    sync_day(store, MONDAY, [row])
    names = {table: dump(store)[table] for table in ("account", "client", "model")}
    sync_day(store, MONDAY, [row])
    assert {table: dump(store)[table] for table in names} == names
    assert len(names["model"]) == 2


def test_a_page_that_cannot_be_taken_leaves_nothing_of_it(store: SqliteStore) -> None:
    """One client twice in a row is no row that a source gives; the page is refused whole."""
    twice = usage_row("b", MONDAY, 2, clients={"CLI": amounts(1)})
    twice = twice._replace(clients=twice.clients * 2)
    with store.staging() as staged:
        with pytest.raises(StoreError, match="UNIQUE"):
            staged.add(UsagePage([usage_row("a", MONDAY, 1), twice], []))
        assert staged.read_day(MONDAY)[0].rows == 0
        staged.add(UsagePage([usage_row("a", MONDAY, 1)], []))
        assert staged.replace_days([MONDAY], NOW).new == 1


def test_clients_models_and_ids_may_be_any_text(store: SqliteStore) -> None:
    odd = ["", "'; DROP TABLE usage_day; --", "\N{ZERO WIDTH SPACE}", "x" * 5000, "a\0b", "مرحبا", "🙂"]
    clients = {name: amounts(n) for n, name in enumerate(odd)}
    models: dict[tuple[str, str | None], Amounts] = {(name, name): amounts(1) for name in odd}
    row = usage_row("acc\N{RIGHT-TO-LEFT OVERRIDE}", MONDAY, 1, clients=clients, models=models)
    sync_day(store, MONDAY, [row, *(usage_row(f"acc{name}") for name in odd)])
    with store.snapshot() as seen:
        usage = seen.load_usage(EVERYONE, WEEK)
    assert {name: part.credits_micro for name, part in usage.clients.items()} == dict(
        zip(odd, range(9), strict=False)
    )
    assert usage.models.keys() == models.keys()
    assert len(store.load_accounts()) == len(odd) + 1


def test_what_a_source_sent_beside_the_known_fields_is_kept(store: SqliteStore) -> None:
    sync_day(store, MONDAY, [usage_row("a", extra='{"later":{"x":1}}'), usage_row("b")])
    assert [row[2] for row in dump(store)["usage_extra"]] == ['{"later":{"x":1}}']
    sync_day(store, MONDAY, [usage_row("a"), usage_row("b")])
    assert dump(store)["usage_extra"] == []
