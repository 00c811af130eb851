-- Planned bursts are the expectations with a factor. What was announced is never rewritten; it goes with a person
-- who is erased.
ALTER TABLE expectation ADD COLUMN label TEXT;   -- the period of the deliveries that announce it, null without any
CREATE UNIQUE INDEX expectation_label ON expectation (label) WHERE label IS NOT NULL;
CREATE TRIGGER expectation_stays BEFORE UPDATE ON expectation
BEGIN
    SELECT raise(ABORT, 'What was announced is never rewritten.');
END;

-- A plan that holds no more: somebody ended it, or a newer one took its place.
CREATE TABLE expectation_end (
    expectation INTEGER PRIMARY KEY REFERENCES expectation (id) ON DELETE CASCADE,
    day INTEGER NOT NULL,                        -- the first UTC day on which it does not hold
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    newer INTEGER REFERENCES expectation (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX expectation_end_newer ON expectation_end (newer) WHERE newer IS NOT NULL;
CREATE TRIGGER expectation_end_stays BEFORE UPDATE ON expectation_end
BEGIN
    SELECT raise(ABORT, 'What was announced is never rewritten.');
END;

-- Whoever cannot be asked before others hear of them holds nothing up, whatever happens afterwards.
CREATE TRIGGER delivery_unasked AFTER UPDATE OF state ON delivery
WHEN new.kind = 'ask_first' AND new.state IN ('parked', 'dropped', 'unknown')
BEGIN
    UPDATE delivery SET not_before = new.changed_at
    WHERE period = new.period AND kind <> new.kind AND state = 'pending' AND not_before > new.changed_at;
END;
