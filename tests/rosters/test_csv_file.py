"""A roster file is read as people write it, and a mistake in it costs as little as possible."""

from __future__ import annotations

import csv
import io
import time
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.people import Employee, RosterFile, is_email, normalise_email
from bot.errors import SourceError
from bot.rosters.csv_file import CsvRoster, parse_roster
from bot.rosters.csv_records import LONGEST_RECORD_LINES

FULL = """\
email,name,manager_email,team,department,cost_center,status,left_on,aliases,timezone
alice@example.com,Alice,,Exec,Board,C1,active,,,Europe/Berlin
bob@example.com,Bob,alice@example.com,Core,Engineering,C2,,,bob.old@example.com;b@example.com,
zoe@example.com,Zoe,bob@example.com,Core,Engineering,C2,archived,2026-03-31,,
"""


def read(text: str | bytes) -> RosterFile:
    return parse_roster(text if isinstance(text, bytes) else text.encode(), "people.csv")


def emails(file: RosterFile) -> list[str]:
    return [employee.email for employee in file.employees]


def problems(file: RosterFile) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message) for problem in file.problems]


def lines(file: RosterFile) -> list[int | None]:
    return [problem.line for problem in file.problems]


def test_every_column_is_read(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(FULL, "utf-8")

    file = CsvRoster(path).read()

    assert file.problems == ()
    assert file.unread == frozenset()
    assert file.employees == (
        Employee("alice@example.com", "Alice", None, "Exec", "Board", "C1", timezone="Europe/Berlin"),
        Employee(
            "bob@example.com",
            "Bob",
            "alice@example.com",
            "Core",
            "Engineering",
            "C2",
            aliases=("bob.old@example.com", "b@example.com"),
        ),
        Employee(
            "zoe@example.com",
            "Zoe",
            "bob@example.com",
            "Core",
            "Engineering",
            "C2",
            archived=True,
            left_on=date(2026, 3, 31),
        ),
    )


def test_the_fingerprint_changes_with_the_content_only(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(FULL, "utf-8")
    first = CsvRoster(path).read().fingerprint
    path.write_text(FULL, "utf-8")

    assert CsvRoster(path).read().fingerprint == first
    assert read(FULL + " ").fingerprint != first


def test_the_address_alone_is_enough() -> None:
    assert read("email\nalice@example.com\n").employees == (
        Employee("alice@example.com", "alice@example.com"),
    )


def test_columns_come_in_any_order_and_spelling_and_unknown_ones_are_kept_out() -> None:
    file = read(" Salary , NAME,\tEmail \n100,Alice,Alice@Example.com\n")

    assert file.employees == (Employee("alice@example.com", "Alice"),)
    assert "100" not in repr(file)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfemail,name\nalice@example.com,Alice\n",
        b"email,name\r\nalice@example.com,Alice\r\n",
        b"email,name\ralice@example.com,Alice\r",
        b"\n\nemail,name\n\n,\n  ,\t\nalice@example.com,Alice",
        b"email;name\nalice@example.com;Alice\n",
        b"email\tname\nalice@example.com\tAlice\n",
        b'"email","name"\n"alice@example.com","Alice"\n',
        b'"name";"email"\n"Alice";"alice@example.com"\n',
        b"email,name,team,\nalice@example.com,Alice\n",
    ],
    ids=["BOM", "CRLF", "CR", "blank lines", "semicolons", "tabs", "quotes", "quotes and ;", "short row"],
)
def test_what_programs_write_is_understood(content: bytes) -> None:
    file = read(content)

    assert file.employees == (Employee("alice@example.com", "Alice"),)
    assert file.problems == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"",
            snapshot(
                "The roster people.csv is empty; it needs a first line that names at least the column `email`."
            ),
        ),
        (
            b" \n\n",
            snapshot(
                "The roster people.csv is empty; it needs a first line that names at least the column `email`."
            ),
        ),
        (
            b"\xef\xbb\xbf",
            snapshot(
                "The roster people.csv is empty; it needs a first line that names at least the column `email`."
            ),
        ),
        (
            b",,\n,,\n",
            snapshot(
                "The roster people.csv has no column `email`; its first line must name its columns, of email, name, manager_email, team, department, cost_center, status, left_on, aliases, timezone."
            ),
        ),
        (
            b"name,team\nAlice,Exec\n",
            snapshot(
                "The roster people.csv has no column `email`; its first line must name its columns, of email, name, manager_email, team, department, cost_center, status, left_on, aliases, timezone."
            ),
        ),
        (
            b"alice@example.com,Alice\n",
            snapshot(
                "The roster people.csv has no column `email`; its first line must name its columns, of email, name, manager_email, team, department, cost_center, status, left_on, aliases, timezone."
            ),
        ),
        (
            b'"email\n',
            snapshot(
                "The roster people.csv has no column `email`; its first line must name its columns, of email, name, manager_email, team, department, cost_center, status, left_on, aliases, timezone."
            ),
        ),
        (b"email,name, EMAIL\n", snapshot("The roster people.csv has the column `email` twice.")),
        (
            "email\nalice@example.com\n".encode("utf-16"),
            snapshot("The roster people.csv is not text (it holds NUL bytes); save it as CSV in UTF-8."),
        ),
        (
            b"email\n\0\n",
            snapshot("The roster people.csv is not text (it holds NUL bytes); save it as CSV in UTF-8."),
        ),
        (
            "email,name\nalice@example.com,Zo\u00eb\n".encode("latin-1"),
            snapshot("The roster people.csv is not UTF-8 (line 2); save it as CSV in UTF-8."),
        ),
    ],
)
def test_a_file_that_is_no_roster_is_refused_for_good(content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as refusal:
        read(content)

    assert str(refusal.value) == message
    assert refusal.value.permanent


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_opened_may_come_back(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match=r"cannot be read.*Check ROSTER_FILE") as failure:
        CsvRoster(tmp_path / name).read()

    assert not failure.value.permanent


def test_a_header_alone_is_an_empty_roster() -> None:
    assert read("email,name\n").employees == ()


def test_a_row_about_nobody_is_refused_with_its_line_and_the_rest_goes_on() -> None:
    file = read(
        "email,name\n"
        ",Nobody\n"
        "no address,Nobody\n"
        "a@b@c,Nobody\n"
        "@example.com,Nobody\n"
        "bell\u0007@example.com,Nobody\n"
        "Alice <alice@example.com>,Nobody\n"
        f"{'x' * 250}@example.com,Nobody\n"
        "alice@example.com,Alice\n"
    )

    assert emails(file) == ["alice@example.com"]
    assert problems(file) == snapshot(
        [
            (2, "There is no e-mail. The row is left out."),
            (3, "'no address' is not an e-mail address. The row is left out."),
            (4, "'a@b@c' is not an e-mail address. The row is left out."),
            (5, "'@example.com' is not an e-mail address. The row is left out."),
            (6, "'bell\\x07@example.com' is not an e-mail address. The row is left out."),
            (7, "'Alice <alice@example.com>' is not an e-mail address. The row is left out."),
            (
                8,
                "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is not an e-mail address. The row is left out.",
            ),
        ]
    )
    assert file.unread == frozenset()


def test_of_two_rows_with_one_address_the_first_stays() -> None:
    file = read("email,name\nalice@example.com,Alice\nALICE@example.com ,Mallory\n")

    assert file.employees == (Employee("alice@example.com", "Alice"),)
    assert problems(file) == snapshot(
        [(3, "alice@example.com already stands on line 2. The row is left out.")]
    )
    assert file.unread == frozenset()


def test_a_row_that_leaves_unclear_whether_somebody_works_here_is_refused() -> None:
    file = read(
        "email,status,left_on\n"
        "alice@example.com,gone,\n"
        "bob@example.com,,31.10.2026\n"
        "carol@example.com,,2026-02-30\n"
        "dan@example.com,,20261031\n"
        "erin@example.com, ARCHIVED , 2026-10-31 \n"
    )

    assert file.employees == (
        Employee("erin@example.com", "erin@example.com", archived=True, left_on=date(2026, 10, 31)),
    )
    assert problems(file) == snapshot(
        [
            (2, "status 'gone' is neither active nor archived. The row is left out."),
            (3, "left_on '31.10.2026' is not a date such as 2026-10-31. The row is left out."),
            (4, "left_on '2026-02-30' is not a date such as 2026-10-31. The row is left out."),
            (5, "left_on '20261031' is not a date such as 2026-10-31. The row is left out."),
        ]
    )
    assert file.unread == {f"{name}@example.com" for name in ("alice", "bob", "carol", "dan")}


def test_a_right_row_after_a_refused_one_counts() -> None:
    file = read("email,status\nalice@example.com,?\nalice@example.com,active\n")

    assert emails(file) == ["alice@example.com"]
    assert lines(file) == [2]
    assert file.unread == frozenset()


def test_a_mistake_beside_the_point_leaves_out_that_field_only() -> None:
    file = read(
        "email,name,manager_email,aliases,timezone\n"
        "alice@example.com,Alice,Alice@example.com,,Mars/Olympus\n"
        "bob@example.com,Bob,the boss,nonsense; ;b@example.com;B@example.com;bob@example.com,../../etc/passwd\n"
    )

    assert file.employees == (
        Employee("alice@example.com", "Alice"),
        Employee("bob@example.com", "Bob", aliases=("b@example.com",)),
    )
    assert problems(file) == snapshot(
        [
            (2, "alice@example.com is entered as their own manager; they count as having none."),
            (2, "'Mars/Olympus' is not an IANA time zone such as Europe/Berlin; it is left out."),
            (3, "manager_email 'the boss' is no e-mail address; they count as having none."),
            (3, "The alias 'nonsense' is no e-mail address and is left out."),
            (3, "'../../etc/passwd' is not an IANA time zone such as Europe/Berlin; it is left out."),
        ]
    )


def test_long_fields_are_cut_and_long_lists_end() -> None:
    aliases = ";".join(f"a{number}@example.com" for number in range(60))
    file = read(f"email,name,aliases\nalice@example.com,{'Al' * 200},{aliases}\n")

    (alice,) = file.employees
    assert alice.name == "Al" * 100
    assert len(alice.aliases) == 50
    assert problems(file) == snapshot(
        [
            (2, "name is longer than 200 characters; the rest is cut off."),
            (2, "Only the first 50 aliases are kept."),
        ]
    )


def test_names_lose_what_hides_or_reorders_text_and_keep_their_spelling() -> None:
    file = read(
        'email,name\na@x.com,"  Zo\u00eb \n \u202eA\u0001dams\u200b "\n'
        "b@x.com,\u0646\u0627\u0645\u200c\u0647\u0627\nc@x.com,\u674e\u96f7\n"
    )

    assert [employee.name for employee in file.employees] == [
        "Zo\u00eb A dams",
        "\u0646\u0627\u0645\u200c\u0647\u0627",
        "\u674e\u96f7",
    ]


def test_a_quoted_line_break_counts_physical_lines() -> None:
    file = read('email,name\na@x.com,"A\nB\nC"\nnobody,"D\nE"\nnobody,F\n')

    assert file.employees == (Employee("a@x.com", "A B C"),)
    assert lines(file) == [5, 7]


def test_a_row_with_too_many_fields_is_refused_because_they_have_shifted() -> None:
    """An unquoted comma in a name would make somebody else the manager."""
    file = read("email,name,manager_email,team\nbob@x.com,Doe, eve@x.com,alice@x.com,Core\ncarol@x.com,C,,\n")

    assert emails(file) == ["carol@x.com"]
    assert problems(file) == snapshot(
        [
            (
                2,
                "There are 5 fields where the header names 4. A field with a comma in it needs quotes. The row is left out.",
            )
        ]
    )
    assert file.unread == {"bob@x.com"}


def test_a_quote_that_is_not_closed_costs_its_own_row_only() -> None:
    rows = "".join(f"p{number}@x.com,P\n" for number in range(100))
    file = read(f'email,name\na@x.com,"A\n{rows}z@x.com,Z\n')

    assert emails(file) == [*(f"p{number}@x.com" for number in range(100)), "z@x.com"]
    assert problems(file) == snapshot(
        [
            (
                2,
                "A quote is not closed or stands in the wrong place, or a field is too long. The row is left out.",
            )
        ]
    )


@pytest.mark.parametrize(
    "row",
    ['"a@x.com,A', 'a@x.com,"A" B', f"a@x.com,{'A' * 200_000}", '"' + "\n" * LONGEST_RECORD_LINES + '",A'],
)
def test_an_unreadable_row_is_refused_and_the_next_one_is_read(row: str) -> None:
    file = read(f"email,name\n{row}\nb@x.com,B\n")

    assert emails(file) == ["b@x.com"]
    assert lines(file)[0] == 2


@pytest.mark.no_cover
def test_a_large_roster_is_read_in_seconds() -> None:
    rows = [
        f"p{n}@example.com,Person {n},p{n // 8}@example.com,Team {n % 90},Europe/Berlin"
        for n in range(100_000)
    ]
    content = "\n".join(["email,name,manager_email,team,timezone", *rows]).encode()

    begin = time.process_time()
    file = read(content)

    assert time.process_time() - begin < 10  # it takes about one
    assert len(file.employees) == 100_000
    assert lines(file) == [2]  # the first person is entered as their own manager


CELLS = st.text(alphabet=st.sampled_from('ab@x.,;"\n\r \t\u00eb'), max_size=12)


@settings(derandomize=True, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=6))
def test_nothing_that_can_be_written_breaks_reading(rows: list[list[str]]) -> None:
    """Whatever a spreadsheet program can write, reading ends with keys that are keys, each once."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([["email", "name", "aliases"], *rows])

    file = read(written.getvalue())

    found = emails(file)
    assert len(set(found)) == len(found)
    assert all(is_email(email) and email == normalise_email(email) for email in found)
    assert all(problem.line is not None and problem.line > 1 for problem in file.problems)


@settings(derandomize=True, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_roster_or_one_sentence(content: bytes) -> None:
    is_text = b"\0" not in content and is_utf8(content)
    with nullcontext() if is_text else pytest.raises(SourceError):
        file = read(b"email,name\n" + content)

        assert all(problem.line is not None for problem in file.problems)


def is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
