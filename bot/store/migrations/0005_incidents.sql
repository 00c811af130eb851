-- Days are counted from 1970-01-01 (UTC), instants are Unix seconds, credits are millionths.

-- One row a subject and kind; the states are those of bot/core/alerts/incidents.py.
CREATE TABLE incident (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,                       -- an employee's address, '' for the whole organisation
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'snoozed', 'expected', 'resolved')),
    days TEXT NOT NULL,                          -- JSON: the days that fire, each [day, severity, credits, expected, least]
    settled INTEGER,                             -- days up to this one were of an earlier time, and fire no more
    told_at INTEGER, told_day INTEGER, told_excess INTEGER, told_label TEXT,
    until INTEGER,                               -- the end of a snooze or an expectation
    card TEXT,                                   -- the period of the delivery on which it stands
    event INTEGER NOT NULL,                      -- the newest of its events
    UNIQUE (subject, kind)
) STRICT;
CREATE INDEX incident_live ON incident (id) WHERE state <> 'resolved';
CREATE INDEX incident_card ON incident (card) WHERE card IS NOT NULL;
CREATE INDEX incident_told ON incident (told_label) WHERE told_label IS NOT NULL;

-- Who changed what, when and why. Rows are added, never changed; they go with a person who is erased.
CREATE TABLE incident_event (
    id INTEGER PRIMARY KEY,                      -- what a message shows is counted by it
    incident INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    by TEXT NOT NULL,                            -- whose answer it was; '' for the evaluation
    reason TEXT,
    day INTEGER NOT NULL, excess INTEGER NOT NULL,        -- its largest day at that time
    until INTEGER
) STRICT;
CREATE INDEX incident_event_incident ON incident_event (incident, id);
CREATE TRIGGER incident_event_stays BEFORE UPDATE ON incident_event
BEGIN
    SELECT raise(ABORT, 'What happened to an incident is never rewritten.');
END;

-- What somebody announced: a planned burst, or a level that is normal from now on.
CREATE TABLE expectation (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,                       -- as above
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,                      -- exclusive
    factor INTEGER CHECK (factor > 0),           -- up to so many times what was expected
    most INTEGER CHECK (most >= 0),              -- or up to so many credits; up to anything where both are null
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    CHECK (since < until)
) STRICT;
CREATE INDEX expectation_until ON expectation (until);
