-- ── spans: half-open stretches of days, made beforehand from the tables by day ────────────────────────

-- Bit n is set when employee n used anything on any day of the span: the kept periods, and those just before them.
CREATE TABLE active_span (
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    employees BLOB NOT NULL,
    PRIMARY KEY (since, until)
) STRICT;

-- One figure of every account side by side, of each day and of each settled week: what bot/store/columns.py packs.
CREATE TABLE column_span (
    figure TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    numbers BLOB NOT NULL,
    PRIMARY KEY (figure, since, until)
) STRICT;

-- Whose each account is and where everybody stands, side by side, too: what bot/store/people_columns.py packs.
CREATE TABLE people_column (name TEXT PRIMARY KEY, numbers BLOB NOT NULL) STRICT;

-- Where somebody stands is told by their column now.
DROP INDEX IF EXISTS employee_spot;
