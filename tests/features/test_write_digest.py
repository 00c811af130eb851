"""A digest is written as of the moment at which it is sent, and compares with what was told before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.deliveries import Letter, Order, Posted
from bot.core.digests.contents import Digest, ManagerDigest, Said
from bot.features.digests.compose import Digests
from bot.features.digests.write import DigestWriter
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, cast_of_everyone, email, everyone_in_slack, fill, hire
from tests.features.rig import NOW
from tests.features.test_plan_digests import MONDAY, W46, at

ORDER = Order("manager_digest", email("bob"), "2026-W46", MONDAY, at(23, 9), at(15, 0))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "usage.db")
    made.migrate()
    fill(made, [*W46.before().days(), *W46.days()])
    hire(made, cast_of_everyone(), everyone_in_slack())
    yield made
    made.close()


def forms_of(digest: Digest) -> Sequence[object]:
    return [digest, "as text"]


def writer(store: SqliteStore) -> DigestWriter:
    return DigestWriter(store, Digests(store, SETTINGS), forms_of)


def write(store: SqliteStore, order: Order = ORDER) -> ManagerDigest:
    letter = writer(store).compose(order, NOW)
    assert isinstance(letter, Letter)
    digest, _ = letter.forms
    assert isinstance(digest, ManagerDigest)
    assert letter.said == digest.said.as_text()
    return digest


def test_it_holds_the_people_of_now(store: SqliteStore) -> None:
    assert write(store).lead.name == "Bob"
    hire(store, [one for one in cast_of_everyone() if one.name != "Carol"], everyone_in_slack())
    assert writer(store).compose(ORDER, NOW) == "nobody reports to them any more"


def test_it_compares_with_what_the_week_before_was_told(store: SqliteStore) -> None:
    assert write(store).week.corrections == ()
    before = replace(ORDER, period="2026-W45", due_at=at(9, 9))
    told = write(store, before).said
    raised = Said(tuple((day, micro + 99_000_000) for day, micro in told.days), told.people)
    store.save_orders([before], MONDAY)
    with store.only_delivery(MONDAY) as outbox:
        found = outbox.claim(MONDAY)
        assert found is not None
        outbox.begin(found, "UBOB", raised.as_text(), MONDAY)
        outbox.end(found, Posted("D1", "1"), MONDAY + timedelta(minutes=1))
    corrections = write(store).week.corrections
    assert [one.told_micro - one.now_micro for one in corrections] == [99_000_000] * 7
