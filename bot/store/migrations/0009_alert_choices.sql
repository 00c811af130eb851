-- Instants are Unix seconds, credits are millionths.

-- What finance and admins chose about alerts: the newest row is in force. Rows are added, never changed.
CREATE TABLE alert_choice (
    id INTEGER PRIMARY KEY,
    chosen_at INTEGER NOT NULL,
    chosen_by TEXT NOT NULL,                     -- an address, or a Slack id where there is none
    settings TEXT                                -- JSON: [sensitivity, floor, share, cap]; null: as configured
) STRICT;
CREATE TRIGGER alert_choice_stays BEFORE UPDATE ON alert_choice
BEGIN
    SELECT raise(ABORT, 'What was chosen is never rewritten.');
END;
