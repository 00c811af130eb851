-- Days are counted from 1970-01-01 (UTC), credits are millionths of an active day.

-- The newest lasting change of an employee's usage; the rules are those of bot/core/spikes/shifts.py.
CREATE TABLE shift (
    employee INTEGER PRIMARY KEY REFERENCES employee (id) ON DELETE CASCADE,
    since INTEGER NOT NULL,                      -- its first day
    found INTEGER NOT NULL,                      -- the first day on which it was certain
    last INTEGER NOT NULL,                       -- the latest
    usual INTEGER NOT NULL,
    present INTEGER NOT NULL,
    noticed INTEGER                              -- when it was seen first: that week's digest tells it; null: none does
) STRICT;
CREATE INDEX shift_noticed ON shift (noticed, employee) WHERE noticed IS NOT NULL;

-- The period of the message below its card that tells of an event, for the few of which one does.
ALTER TABLE incident_event ADD COLUMN line TEXT;
CREATE INDEX incident_event_line ON incident_event (line) WHERE line IS NOT NULL;
