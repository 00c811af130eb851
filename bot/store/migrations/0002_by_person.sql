-- ── the usage of settled weeks once more, the days of one account side by side ────────────────────────

-- By day, what one person used in two months lies on a hundred pages of the file; here it lies on a few.
-- Week n is the days 7n to 7n + 6 (from 1970-01-01). It is settled when no usual sync reads its days again, and then
-- all of its stored days are in these tables, in the columns of their usage_ namesakes. Rebuildable from those.

CREATE TABLE settled_week (
    week INTEGER PRIMARY KEY,
    splits INTEGER NOT NULL                      -- 0 where only week_day is kept any more
) STRICT;

CREATE TABLE week_day (
    week INTEGER NOT NULL,
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    threads INTEGER, turns INTEGER, credits INTEGER NOT NULL, cost INTEGER, estimate INTEGER,
    uncached INTEGER, cached INTEGER, output INTEGER, tokens_over INTEGER,
    has_models INTEGER NOT NULL,
    PRIMARY KEY (week, account, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE week_client (
    week INTEGER NOT NULL,
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    client INTEGER NOT NULL,
    threads INTEGER, turns INTEGER, credits INTEGER NOT NULL, cost INTEGER, estimate INTEGER,
    uncached INTEGER, cached INTEGER, output INTEGER, tokens_over INTEGER,
    PRIMARY KEY (week, account, day, client)
) STRICT, WITHOUT ROWID;

CREATE TABLE week_model (
    week INTEGER NOT NULL,
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    model INTEGER NOT NULL,
    credits INTEGER NOT NULL, cost INTEGER, estimate INTEGER,
    uncached INTEGER, cached INTEGER, output INTEGER, tokens_over INTEGER,
    PRIMARY KEY (week, account, day, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE week_code (
    week INTEGER NOT NULL,
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    added INTEGER NOT NULL, removed INTEGER, committed INTEGER, total_committed INTEGER,
    committed_percentage INTEGER, codex_commits INTEGER, codex_commits_percentage INTEGER, total_commits INTEGER,
    PRIMARY KEY (week, account, day)
) STRICT, WITHOUT ROWID;

-- Where somebody stands, on few pages: a ranking of the company is walked until enough people of one chain were met.
CREATE INDEX employee_spot ON employee (id, first);
