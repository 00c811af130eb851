-- Days are counted from 1970-01-01 (UTC), instants are Unix seconds, credits and dollars are millionths.

-- ── people ────────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE team (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    people INTEGER NOT NULL DEFAULT 0            -- employed today
) STRICT;
INSERT INTO team (id, name) VALUES (0, '');      -- people without a team

-- first, last and depth are the place in the chart: the people below are those with first in (first, last].
-- home_chain is the nearest manager above whose chain is large enough to be summed up beforehand, 0 if none.
CREATE TABLE employee (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    manager_email TEXT,
    team INTEGER NOT NULL DEFAULT 0 REFERENCES team (id),
    department TEXT,
    cost_center TEXT,
    archived INTEGER NOT NULL,
    left_on INTEGER,
    aliases TEXT NOT NULL,                       -- JSON array
    timezone TEXT,
    slack_id TEXT,
    first INTEGER NOT NULL DEFAULT 0,
    last INTEGER NOT NULL DEFAULT 0,
    depth INTEGER NOT NULL DEFAULT 0,
    home_chain INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX employee_place ON employee (first);
CREATE INDEX employee_team ON employee (team);
CREATE INDEX employee_slack ON employee (slack_id) WHERE slack_id IS NOT NULL;

-- Who reported to whom, from day to day (until is exclusive; null while it holds).
CREATE TABLE reporting_line (
    employee INTEGER NOT NULL REFERENCES employee (id),
    since INTEGER NOT NULL,
    until INTEGER,
    manager_email TEXT,
    PRIMARY KEY (employee, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE slack_person (
    slack_id TEXT PRIMARY KEY,
    email TEXT,
    name TEXT NOT NULL,
    timezone TEXT,
    deleted INTEGER NOT NULL,
    is_bot INTEGER NOT NULL,
    is_guest INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX slack_person_email ON slack_person (email) WHERE email IS NOT NULL;

-- What does not match or was made harmless, as sentences for the operator; replaced at every reading.
CREATE TABLE finding (
    room TEXT NOT NULL,                          -- roster, chart or link
    position INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    PRIMARY KEY (room, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE fact_of_store (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- ── accounts ──────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    email TEXT,
    actor_type TEXT,
    told_on INTEGER NOT NULL,                    -- the newest day whose row said so
    UNIQUE (source, external_id)
) STRICT;

-- An account's usage belongs to the employee on days in [since, until).
CREATE TABLE account_link (
    account INTEGER NOT NULL REFERENCES account (id),
    employee INTEGER NOT NULL REFERENCES employee (id),
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (account, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_link_employee ON account_link (employee);

-- ── usage, as the source told it ──────────────────────────────────────────────────────────────────────

CREATE TABLE client (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE model (id INTEGER PRIMARY KEY, name TEXT NOT NULL, speed TEXT, UNIQUE (name, speed)) STRICT;

-- tokens_over is total_tokens less the three parts: almost always 0, which SQLite keeps in no bytes at all.
CREATE TABLE usage_day (
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    threads INTEGER, turns INTEGER, credits INTEGER NOT NULL, cost INTEGER, estimate INTEGER,
    uncached INTEGER, cached INTEGER, output INTEGER, tokens_over INTEGER,
    has_models INTEGER NOT NULL,                 -- 0 where the source sent null in place of a list
    PRIMARY KEY (day, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_client (
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    client INTEGER NOT NULL,
    threads INTEGER, turns INTEGER, credits INTEGER NOT NULL, cost INTEGER, estimate INTEGER,
    uncached INTEGER, cached INTEGER, output INTEGER, tokens_over INTEGER,
    PRIMARY KEY (day, account, client)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_model (
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    model INTEGER NOT NULL,
    credits INTEGER NOT NULL, cost INTEGER, estimate INTEGER,
    uncached INTEGER, cached INTEGER, output INTEGER, tokens_over INTEGER,
    PRIMARY KEY (day, account, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_code (
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    added INTEGER NOT NULL, removed INTEGER, committed INTEGER, total_committed INTEGER,
    committed_percentage INTEGER, codex_commits INTEGER, codex_commits_percentage INTEGER, total_commits INTEGER,
    PRIMARY KEY (day, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_extra (
    day INTEGER NOT NULL,
    account INTEGER NOT NULL,
    fields TEXT NOT NULL,                        -- JSON object of the fields this program does not know
    PRIMARY KEY (day, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE workspace_day (
    day INTEGER PRIMARY KEY,
    threads INTEGER, turns INTEGER, credits INTEGER NOT NULL, cost INTEGER, estimate INTEGER,
    uncached INTEGER, cached INTEGER, output INTEGER, tokens_over INTEGER,
    fields TEXT
) STRICT;

CREATE TABLE review_day (
    day INTEGER PRIMARY KEY,
    pull_request_reviews INTEGER NOT NULL, comments INTEGER NOT NULL,
    p0 INTEGER NOT NULL, p1 INTEGER NOT NULL, p2 INTEGER NOT NULL
) STRICT;

CREATE TABLE review_response_day (
    day INTEGER PRIMARY KEY,
    pull_request_reviews INTEGER NOT NULL, comments INTEGER NOT NULL, replies INTEGER NOT NULL, reactions INTEGER NOT NULL,
    engaged INTEGER NOT NULL, reacted INTEGER NOT NULL, upvoted INTEGER NOT NULL, downvoted INTEGER NOT NULL,
    reacted_other INTEGER NOT NULL, replied INTEGER NOT NULL,
    upvotes INTEGER NOT NULL, downvotes INTEGER NOT NULL, other_reactions INTEGER NOT NULL
) STRICT;

-- ── the ledger ────────────────────────────────────────────────────────────────────────────────────────

-- The state of each UTC day of account usage. read_at is when it was last read to the last page.
CREATE TABLE day_state (
    day INTEGER PRIMARY KEY,
    rows INTEGER NOT NULL,
    poisoned INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- A reading that was not believed: the old day stays until an operator accepts it or readings agree.
CREATE TABLE refused_day (
    day INTEGER PRIMARY KEY,
    reason TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    agreed INTEGER NOT NULL,
    agreed_at INTEGER NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE poisoned_row (
    id INTEGER PRIMARY KEY,
    part TEXT NOT NULL,
    day INTEGER,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                          -- sync
    started_at INTEGER NOT NULL,
    finished_at INTEGER,                         -- null while it runs, and for ever where it was killed
    error TEXT
) STRICT;

CREATE TABLE run_part (
    run INTEGER NOT NULL REFERENCES run (id),
    position INTEGER NOT NULL,
    part TEXT NOT NULL,                          -- roster, directory, usage, workspace, reviews, responses, links
    since INTEGER, until INTEGER,
    pages INTEGER NOT NULL, rows INTEGER NOT NULL,
    new INTEGER NOT NULL, changed INTEGER NOT NULL, vanished INTEGER NOT NULL,
    refused INTEGER NOT NULL, poisoned INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

-- ── sums made beforehand, all of them rebuildable from the tables above ───────────────────────────────

-- A chain is everyone below one manager (chain = the manager's employee id), where they are many.
-- 0 is the whole organisation, -1 the usage that belongs to nobody.
CREATE TABLE chain (
    id INTEGER PRIMARY KEY,
    people INTEGER NOT NULL,                     -- employed today
    members BLOB NOT NULL                        -- bit n (little endian) is set when employee n is one of them
) STRICT;

CREATE TABLE chain_up (
    chain INTEGER NOT NULL,
    ancestor INTEGER NOT NULL,                   -- the chain itself included
    PRIMARY KEY (chain, ancestor)
) STRICT, WITHOUT ROWID;
INSERT INTO chain_up VALUES (0, 0), (-1, -1), (-1, 0);

CREATE TABLE chain_day (
    chain INTEGER NOT NULL,
    day INTEGER NOT NULL,
    split INTEGER NOT NULL,                      -- 0 total, 1 by client, 2 by model
    part INTEGER NOT NULL,
    rows INTEGER NOT NULL, threads INTEGER NOT NULL, turns INTEGER NOT NULL, credits INTEGER NOT NULL,
    cost INTEGER NOT NULL, cost_rows INTEGER NOT NULL, estimate INTEGER NOT NULL, estimate_rows INTEGER NOT NULL,
    uncached INTEGER NOT NULL, cached INTEGER NOT NULL, output INTEGER NOT NULL, tokens INTEGER NOT NULL,
    token_rows INTEGER NOT NULL,
    PRIMARY KEY (chain, day, split, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE chain_code_day (
    chain INTEGER NOT NULL,
    day INTEGER NOT NULL,
    rows INTEGER NOT NULL, added INTEGER NOT NULL, removed INTEGER NOT NULL, committed INTEGER NOT NULL,
    total_committed INTEGER NOT NULL, codex_commits INTEGER NOT NULL, total_commits INTEGER NOT NULL,
    PRIMARY KEY (chain, day)
) STRICT, WITHOUT ROWID;

-- Bit n is set when employee n used anything on the day.
CREATE TABLE active_day (day INTEGER PRIMARY KEY, employees BLOB NOT NULL) STRICT;

-- Periods that are asked for all the time, summed by person and by team.
CREATE TABLE period_sum (
    id INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    UNIQUE (since, until)
) STRICT;

CREATE TABLE period_person (
    period INTEGER NOT NULL,
    employee INTEGER NOT NULL,
    rows INTEGER NOT NULL, threads INTEGER NOT NULL, turns INTEGER NOT NULL, credits INTEGER NOT NULL,
    cost INTEGER NOT NULL, cost_rows INTEGER NOT NULL, estimate INTEGER NOT NULL, estimate_rows INTEGER NOT NULL,
    uncached INTEGER NOT NULL, cached INTEGER NOT NULL, output INTEGER NOT NULL, tokens INTEGER NOT NULL,
    token_rows INTEGER NOT NULL,
    PRIMARY KEY (period, employee)
) STRICT, WITHOUT ROWID;
CREATE INDEX period_person_credits ON period_person (period, credits);
CREATE INDEX period_person_threads ON period_person (period, threads);
CREATE INDEX period_person_turns ON period_person (period, turns);
CREATE INDEX period_person_tokens ON period_person (period, tokens);

CREATE TABLE period_team (
    period INTEGER NOT NULL,
    team INTEGER NOT NULL,
    rows INTEGER NOT NULL, threads INTEGER NOT NULL, turns INTEGER NOT NULL, credits INTEGER NOT NULL,
    cost INTEGER NOT NULL, cost_rows INTEGER NOT NULL, estimate INTEGER NOT NULL, estimate_rows INTEGER NOT NULL,
    uncached INTEGER NOT NULL, cached INTEGER NOT NULL, output INTEGER NOT NULL, tokens INTEGER NOT NULL,
    token_rows INTEGER NOT NULL,
    PRIMARY KEY (period, team)
) STRICT, WITHOUT ROWID;
CREATE INDEX period_team_credits ON period_team (period, credits);

-- For whoever reads the file with a tool: how the sum of accounts compares with the workspace's own total.
CREATE VIEW reconciliation AS
SELECT date(w.day * 86400, 'unixepoch') AS day, w.credits AS workspace_credits_micro,
       coalesce(s.credits, 0) AS accounts_credits_micro, w.credits - coalesce(s.credits, 0) AS remainder_credits_micro
FROM workspace_day w LEFT JOIN chain_day s ON s.chain = 0 AND s.day = w.day AND s.split = 0 AND s.part = 0;
