-- Days are counted from 1970-01-01 (UTC), amounts are millionths.

-- The message that says it, as its delivery's period; null for what was noted without one.
ALTER TABLE budget_said ADD COLUMN label TEXT;
CREATE INDEX budget_said_label ON budget_said (label) WHERE label IS NOT NULL;

-- The groups that have a budget, and the sums of what their people used on each day from ``since`` on.
-- Rebuildable from usage_day; a group that is not here is added up when it is asked for.
CREATE TABLE budget_group (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('department', 'team', 'cost_center')),
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    UNIQUE (scope, name)
) STRICT;

CREATE TABLE budget_day (
    budget_group INTEGER NOT NULL REFERENCES budget_group (id) ON DELETE CASCADE,
    day INTEGER NOT NULL,
    rows INTEGER NOT NULL, credits INTEGER NOT NULL, estimate INTEGER NOT NULL, estimate_rows INTEGER NOT NULL,
    PRIMARY KEY (budget_group, day)
) STRICT, WITHOUT ROWID;
