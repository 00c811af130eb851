-- What the search for runaway spend has learnt of each final day; rebuildable from usage.
-- People are employees' numbers, 32 bits each; beside each stands in the other columns, 64 bits each, what was learnt
-- of them: the logarithm of their credits, the credits used, and the logarithm of what was expected.
CREATE TABLE learnt_day (
    day INTEGER PRIMARY KEY,
    today TEXT NOT NULL,                         -- JSON: what the day was for everybody
    sample TEXT NOT NULL,                        -- JSON: what is kept of everybody's amounts
    found TEXT NOT NULL,                         -- JSON: what stood out, by employee's number
    people BLOB NOT NULL,
    logs BLOB NOT NULL,
    credits BLOB NOT NULL,
    expected BLOB NOT NULL
) STRICT;

-- What the learnt days of three months before a day come to, so that they need not be added up for every evaluation:
-- beside each person the number of their active days, 32 bits, and in a row the sorted logarithms of all of them.
CREATE TABLE learnt_usuals (
    day INTEGER PRIMARY KEY,
    people BLOB NOT NULL,
    counts BLOB NOT NULL,
    logs BLOB NOT NULL
) STRICT;

-- Whose learnt days are outdated from a day on; written in the transaction that changes their usage.
CREATE TABLE unlearnt (
    id INTEGER PRIMARY KEY,
    employee INTEGER NOT NULL,
    day INTEGER NOT NULL
) STRICT;

-- Whoever is erased stands in the columns of everybody's days: those go, and are learnt anew without them.
CREATE TRIGGER employee_erased AFTER DELETE ON employee
BEGIN
    DELETE FROM learnt_day;
    DELETE FROM learnt_usuals;
    DELETE FROM unlearnt;
END;

-- One incident a person: first days and caps are their spikes, too, and each day says of which kind it is.
UPDATE incident SET days = (
    SELECT json_group_array(json_insert(d.value, '$[#]', incident.kind)) FROM json_each(incident.days) d
);

-- Of several of one person the one that is open goes on, the one that was told last before the others.
CREATE TEMP TABLE kept_incident AS
SELECT id, subject, place FROM (
    SELECT id, subject, row_number() OVER (
        PARTITION BY subject ORDER BY state = 'resolved', told_at DESC, event DESC
    ) AS place
    FROM incident WHERE kind IN ('spike', 'cold_start', 'hard_cap')
);

-- It has the days of all that are open, of each day the larger; settled is what came before them.
UPDATE incident SET
    days = (
        SELECT json_group_array(json(day)) FROM (
            SELECT d.value AS day, max(json_extract(d.value, '$[2]') - json_extract(d.value, '$[3]'))
            FROM temp.kept_incident k JOIN incident i ON i.id = k.id, json_each(i.days) d
            WHERE k.subject = incident.subject AND (i.state <> 'resolved' OR i.id = incident.id)
            GROUP BY json_extract(d.value, '$[0]') ORDER BY json_extract(d.value, '$[0]')
        )
    ),
    settled = (
        SELECT max(i.settled) FROM temp.kept_incident k JOIN incident i ON i.id = k.id
        WHERE k.subject = incident.subject AND (i.id = incident.id OR i.settled < (
            SELECT min(json_extract(d.value, '$[0]')) FROM temp.kept_incident o JOIN incident x ON x.id = o.id,
                json_each(x.days) d WHERE o.subject = incident.subject AND x.state <> 'resolved'
        ))
    ),
    told_excess = (
        SELECT max(i.told_excess) FROM temp.kept_incident k JOIN incident i ON i.id = k.id
        WHERE k.subject = incident.subject AND (i.state <> 'resolved' OR i.id = incident.id)
    )
WHERE id IN (SELECT id FROM temp.kept_incident WHERE place = 1)
  AND subject IN (SELECT subject FROM temp.kept_incident WHERE place = 2);

-- The others are over, and their cards say so.
INSERT INTO incident_event (incident, at, what, by, day, excess)
SELECT i.id, CAST(strftime('%s', 'now') AS INTEGER), 'joined', '', json_extract(d.value, '$[0]'),
       max(0, max(json_extract(d.value, '$[2]') - json_extract(d.value, '$[3]')))
FROM temp.kept_incident k JOIN incident i ON i.id = k.id, json_each(i.days) d
WHERE k.place > 1 AND i.state <> 'resolved' GROUP BY i.id;
UPDATE incident SET
    state = 'resolved',
    kind = 'joined ' || kind,
    until = NULL,
    event = (SELECT max(e.id) FROM incident_event e WHERE e.incident = incident.id)
WHERE id IN (SELECT id FROM temp.kept_incident WHERE place > 1);
UPDATE incident SET kind = 'spike' WHERE id IN (SELECT id FROM temp.kept_incident WHERE place = 1);
DROP TABLE temp.kept_incident;
