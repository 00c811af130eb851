-- ── spans: half-open stretches of days, made beforehand from the tables by day ────────────────────────

-- Bit n is set when employee n used anything on any day of the span: the kept periods, and those just before them.
CREATE TABLE active_span (
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    employees BLOB NOT NULL,
    PRIMARY KEY (since, until)
) STRICT;
