-- Days are counted from 1970-01-01 (UTC), instants are Unix seconds, amounts are millionths.

-- A row stays when its budget is removed, so that no number ever means another budget.
CREATE TABLE budget (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('organisation', 'department', 'team', 'cost_center', 'person')),
    name TEXT NOT NULL CHECK ((name != '') = (scope IN ('department', 'team', 'cost_center'))),
    cycle TEXT NOT NULL CHECK (cycle IN ('day', 'week', 'month')),
    unit TEXT NOT NULL CHECK (unit IN ('credits', 'usd')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    thresholds TEXT NOT NULL,                    -- JSON array of percents, ascending
    version INTEGER NOT NULL,                    -- goes up with each edit
    since INTEGER NOT NULL,                      -- the day from which this version is in force
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX budget_about ON budget (scope, name, cycle, unit) WHERE NOT removed;

-- Who changed what and when; before is null for a budget that was added, after for one that was removed.
CREATE TABLE budget_change (
    budget INTEGER NOT NULL REFERENCES budget (id),
    version INTEGER NOT NULL,                    -- the one that the change made
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,                    -- an address, or a Slack id where there is none
    before TEXT,                                 -- JSON: the terms
    after TEXT,
    PRIMARY KEY (budget, version)
) STRICT, WITHOUT ROWID;

-- What was handed on to be said, once: a threshold, or the forecast (threshold 0), of a version and period.
CREATE TABLE budget_said (
    budget INTEGER NOT NULL,
    version INTEGER NOT NULL,
    since INTEGER NOT NULL,                      -- first day of the period
    threshold INTEGER NOT NULL,
    subject TEXT NOT NULL,                       -- a person's address; empty where it is nobody's alone
    said_at INTEGER NOT NULL,
    PRIMARY KEY (budget, version, since, threshold, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX employee_department ON employee (department) WHERE department IS NOT NULL;
CREATE INDEX employee_cost_center ON employee (cost_center) WHERE cost_center IS NOT NULL;
