-- Instants are Unix seconds (UTC).

-- How an employee wants digests; what is null follows the configuration.
CREATE TABLE digest_choice (
    employee INTEGER PRIMARY KEY REFERENCES employee (id) ON DELETE CASCADE,
    paused INTEGER NOT NULL,                     -- 1: no digest of any kind
    weekday INTEGER CHECK (weekday BETWEEN 0 AND 6),      -- 0 is Monday
    minute INTEGER CHECK (minute BETWEEN 0 AND 1439),     -- of the local day
    personal INTEGER NOT NULL,                   -- 1: a digest of one's own usage, too
    changed_at INTEGER NOT NULL
) STRICT;

-- Of all employees the few who have anybody below them.
CREATE INDEX employee_lead ON employee (id) WHERE last > first;

-- One row a message that is to be sent once; the states are those of bot/core/deliveries.py.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                          -- such as manager_digest
    recipient TEXT NOT NULL,                     -- an employee's address, or a channel's id
    period TEXT NOT NULL,                        -- what it is about: an ISO week such as 2026-W47
    priority INTEGER NOT NULL,                   -- smaller goes first
    due_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,                 -- due_at at first, later after every failure that is retried
    expires_at INTEGER NOT NULL,                 -- not begun any more from then on
    traces_since INTEGER NOT NULL,               -- the message cannot stand in the conversation from before
    state TEXT NOT NULL CHECK (state IN
        ('pending', 'claimed', 'sending', 'sent', 'doubtful', 'parked', 'dropped', 'unknown')),
    changed_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,         -- how often it was sent without a certain refusal
    reason TEXT,                                 -- of its state, as an operator reads it
    destination TEXT,                            -- to which Slack id it went or may have gone
    channel TEXT,                                -- in which conversation it stands, and as which message
    ts TEXT,
    said TEXT,                                   -- JSON: the small facts that the next one compares with
    UNIQUE (period, kind, recipient)
) STRICT;
CREATE INDEX delivery_next ON delivery (priority, not_before, id) WHERE state = 'pending';
CREATE INDEX delivery_open ON delivery (state, changed_at) WHERE state NOT IN ('sent', 'dropped');
-- Somebody whose address changed is another recipient, and still nobody to send the same thing to twice.
CREATE UNIQUE INDEX delivery_destination ON delivery (destination, kind, period) WHERE destination IS NOT NULL;

-- Who delivers. A write of an earlier term changes nothing.
CREATE TABLE courier (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    term INTEGER NOT NULL,                       -- goes up with every process that takes over
    sendings INTEGER NOT NULL,                   -- how often anything was about to be sent, ever
    doubt_until INTEGER NOT NULL,                -- what was due by then may have been sent before a backup was restored
    stopped_at INTEGER,                          -- Slack refuses everything since then, for this reason
    stopped_for TEXT
) STRICT;
INSERT INTO courier (id, term, sendings, doubt_until) VALUES (1, 0, 0, 0);
