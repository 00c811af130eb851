"""The chart numbers everyone, whatever the roster says about managers."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.chart import Chart, ChartFault, ChartFinding, build_chart, explain
from bot.core.people import Place

CAST = [("alice", None), ("bob", "alice"), ("carol", "bob"), ("gail", None), ("dan", "gail"), ("zoe", "bob")]


def above(chart: Chart, manager: str, report: str) -> bool:
    return chart.places[manager].is_above(chart.places[report])


def test_everyone_is_numbered_depth_first_with_siblings_in_order_of_the_address() -> None:
    assert build_chart(CAST).places == snapshot(
        {
            "alice": Place(first=1, last=4, depth=0),
            "bob": Place(first=2, last=4, depth=1),
            "carol": Place(first=3, last=3, depth=2),
            "dan": Place(first=6, last=6, depth=1),
            "gail": Place(first=5, last=6, depth=0),
            "zoe": Place(first=4, last=4, depth=2),
        }
    )


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert build_chart(reversed(CAST)) == build_chart(CAST)


def test_being_above_reaches_down_the_whole_chain_and_nowhere_else() -> None:
    chart = build_chart(CAST)

    assert {report for report, _ in CAST if above(chart, "alice", report)} == {"bob", "carol", "zoe"}
    assert {report for report, _ in CAST if above(chart, "bob", report)} == {"carol", "zoe"}
    assert {report for report, _ in CAST if above(chart, "carol", report)} == set()
    assert {report for report, _ in CAST if above(chart, "gail", report)} == {"dan"}


def test_an_empty_roster_has_an_empty_chart() -> None:
    assert build_chart([]) == Chart({}, ())


@pytest.mark.parametrize(
    ("pair", "kind"),
    [(("bob", "bob"), ChartFault.SELF_MANAGER), (("bob", "nobody"), ChartFault.UNKNOWN_MANAGER)],
)
def test_a_line_that_leads_nowhere_is_cut_and_reported(pair: tuple[str, str], kind: ChartFault) -> None:
    chart = build_chart([("alice", None), pair, ("carol", "bob")])

    assert chart.findings == (ChartFinding(kind, *pair),)
    assert chart.places["bob"].depth == 0
    assert above(chart, "bob", "carol")


def test_people_on_a_cycle_have_nobody_above_and_keep_their_other_reports() -> None:
    """Bob and Carol manage each other; Dan reports to Bob and Erin to Dan."""
    chart = build_chart(
        [("alice", None), ("bob", "carol"), ("carol", "bob"), ("dan", "bob"), ("erin", "dan")]
    )

    assert chart.findings == (
        ChartFinding(ChartFault.CYCLE, "bob", "carol"),
        ChartFinding(ChartFault.CYCLE, "carol", "bob"),
    )
    assert not above(chart, "bob", "carol")
    assert not above(chart, "carol", "bob")
    assert above(chart, "bob", "dan")
    assert above(chart, "bob", "erin")
    assert not above(chart, "carol", "dan")


def test_findings_come_in_order_of_the_address() -> None:
    chart = build_chart([("c", "d"), ("d", "c"), ("b", "b"), ("a", "x"), ("e", "c")])

    assert [(finding.email, finding.kind.value) for finding in chart.findings] == [
        ("a", "unknown_manager"),
        ("b", "self_manager"),
        ("c", "cycle"),
        ("d", "cycle"),
    ]


def test_findings_as_sentences() -> None:
    chart = build_chart(
        [("a@x.com", "gone@x.com"), ("b@x.com", "b@x.com"), ("c@x.com", "d@x.com"), ("d@x.com", "c@x.com")]
    )

    assert [explain(finding) for finding in chart.findings] == snapshot(
        [
            "a@x.com reports to gone@x.com, who is not in the roster; until that is mended nobody above sees them.",
            "b@x.com is entered as their own manager; until that is mended nobody above sees them.",
            "c@x.com reports to d@x.com, who reports back to them (a cycle); until that is mended nobody above sees them.",
            "d@x.com reports to c@x.com, who reports back to them (a cycle); until that is mended nobody above sees them.",
        ]
    )


def manager_number(shape: str, number: int, count: int, draw: random.Random) -> int | None:
    if shape == "cycle":
        return (number + 1) % count
    if number == 0:
        return None
    return {"chain": number - 1, "tree": draw.randrange(number), "star": 0}[shape]


@pytest.mark.parametrize("shape", ["chain", "cycle", "tree", "star"])
def test_a_large_company_of_any_shape_is_numbered_in_seconds(shape: str) -> None:
    """One line of command, one single cycle, a usual tree, and everyone under one person."""
    count, draw = 100_000, random.Random(4)
    managers = [manager_number(shape, number, count, draw) for number in range(count)]
    pairs = [(f"p{n}", None if manager is None else f"p{manager}") for n, manager in enumerate(managers)]

    begin = time.process_time()
    chart = build_chart(pairs)

    assert time.process_time() - begin < 10  # it takes less than one; a square of the number would take hours
    assert {place.first for place in chart.places.values()} == set(range(1, count + 1))
    assert len(chart.findings) == (count if shape == "cycle" else 0)


EMAILS = [f"p{n}" for n in range(9)]
CHARTS = st.dictionaries(st.sampled_from(EMAILS), st.none() | st.sampled_from([*EMAILS, "stranger"]))


@settings(derandomize=True, deadline=None)
@given(CHARTS)
def test_numbers_are_a_proper_numbering(managers: dict[str, str | None]) -> None:
    chart = build_chart(managers.items())
    places = sorted(chart.places.values(), key=lambda place: place.first)

    assert [place.first for place in places] == list(range(1, len(managers) + 1))
    cut = {finding.email for finding in chart.findings}
    for email, manager in managers.items():
        place = chart.places[email]
        assert place.first <= place.last <= len(managers)
        if manager is None or email in cut:
            assert place.depth == 0
            assert not any(other.is_above(place) for other in places)
        else:
            assert place.depth == chart.places[manager].depth + 1
            assert chart.places[manager].is_above(place)
            assert chart.places[manager].last >= place.last


def test_a_place_is_not_above_itself() -> None:
    place = Place(3, 7, 1)

    assert not place.is_above(place)
