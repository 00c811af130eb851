-- fragment figures: the figures of a row u of usage_day, usage_client or their weeks
u.threads, u.turns, u.credits, u.cost, u.estimate, u.uncached, u.cached, u.output, u.tokens_over

-- fragment m_figures: those of usage_model
u.credits, u.cost, u.estimate, u.uncached, u.cached, u.output, u.tokens_over

-- fragment code_figures: those of usage_code that are added up
u.added, u.removed, u.committed, u.total_committed, u.codex_commits, u.total_commits

-- fragment u_totals: the thirteen figures of core Totals over rows u of usage_day or usage_client
count(*), coalesce(sum(u.threads), 0), coalesce(sum(u.turns), 0), coalesce(sum(u.credits), 0),
coalesce(sum(u.cost), 0), count(u.cost), coalesce(sum(u.estimate), 0), count(u.estimate),
coalesce(sum(u.uncached), 0), coalesce(sum(u.cached), 0), coalesce(sum(u.output), 0),
coalesce(sum(coalesce(u.uncached, 0) + coalesce(u.cached, 0) + coalesce(u.output, 0) + u.tokens_over), 0),
count(u.tokens_over)

-- fragment m_totals: the same over rows u of usage_model, which knows no threads and turns
count(*), 0, 0, coalesce(sum(u.credits), 0),
coalesce(sum(u.cost), 0), count(u.cost), coalesce(sum(u.estimate), 0), count(u.estimate),
coalesce(sum(u.uncached), 0), coalesce(sum(u.cached), 0), coalesce(sum(u.output), 0),
coalesce(sum(coalesce(u.uncached, 0) + coalesce(u.cached, 0) + coalesce(u.output, 0) + u.tokens_over), 0),
count(u.tokens_over)

-- fragment u_named: u_totals under the names of the tables of sums
count(*) AS rows, coalesce(sum(u.threads), 0) AS threads, coalesce(sum(u.turns), 0) AS turns,
coalesce(sum(u.credits), 0) AS credits, coalesce(sum(u.cost), 0) AS cost, count(u.cost) AS cost_rows,
coalesce(sum(u.estimate), 0) AS estimate, count(u.estimate) AS estimate_rows,
coalesce(sum(u.uncached), 0) AS uncached, coalesce(sum(u.cached), 0) AS cached,
coalesce(sum(u.output), 0) AS output,
coalesce(sum(coalesce(u.uncached, 0) + coalesce(u.cached, 0) + coalesce(u.output, 0) + u.tokens_over), 0) AS tokens,
count(u.tokens_over) AS token_rows

-- fragment m_named: m_totals under the names of the tables of sums
count(*) AS rows, 0 AS threads, 0 AS turns,
coalesce(sum(u.credits), 0) AS credits, coalesce(sum(u.cost), 0) AS cost, count(u.cost) AS cost_rows,
coalesce(sum(u.estimate), 0) AS estimate, count(u.estimate) AS estimate_rows,
coalesce(sum(u.uncached), 0) AS uncached, coalesce(sum(u.cached), 0) AS cached,
coalesce(sum(u.output), 0) AS output,
coalesce(sum(coalesce(u.uncached, 0) + coalesce(u.cached, 0) + coalesce(u.output, 0) + u.tokens_over), 0) AS tokens,
count(u.tokens_over) AS token_rows

-- fragment s_totals: the thirteen figures over rows s of a table of sums
coalesce(sum(s.rows), 0), coalesce(sum(s.threads), 0), coalesce(sum(s.turns), 0), coalesce(sum(s.credits), 0),
coalesce(sum(s.cost), 0), coalesce(sum(s.cost_rows), 0), coalesce(sum(s.estimate), 0),
coalesce(sum(s.estimate_rows), 0), coalesce(sum(s.uncached), 0), coalesce(sum(s.cached), 0),
coalesce(sum(s.output), 0), coalesce(sum(s.tokens), 0), coalesce(sum(s.token_rows), 0)

-- fragment s_signed: the same, added (:sign = 1) or taken away (-1)
:sign * sum(s.rows), :sign * sum(s.threads), :sign * sum(s.turns), :sign * sum(s.credits),
:sign * sum(s.cost), :sign * sum(s.cost_rows), :sign * sum(s.estimate), :sign * sum(s.estimate_rows),
:sign * sum(s.uncached), :sign * sum(s.cached), :sign * sum(s.output), :sign * sum(s.tokens),
:sign * sum(s.token_rows)

-- fragment s_row: one row s of a table of sums
s.rows, s.threads, s.turns, s.credits, s.cost, s.cost_rows, s.estimate, s.estimate_rows,
s.uncached, s.cached, s.output, s.tokens, s.token_rows

-- fragment u_active: rows u of usage_day that used anything, as core Totals has it
(u.threads > 0 OR u.turns > 0 OR u.credits > 0 OR u.cost > 0
 OR coalesce(u.uncached, 0) + coalesce(u.cached, 0) + coalesce(u.output, 0) + u.tokens_over > 0)

-- fragment s_active: rows s of a table of sums that used anything, as core Totals has it
(s.threads, s.turns, s.credits, s.cost, s.tokens) != (0, 0, 0, 0, 0)

-- fragment add_up: what happens where the sum already has a row
rows = rows + excluded.rows, threads = threads + excluded.threads, turns = turns + excluded.turns,
credits = credits + excluded.credits, cost = cost + excluded.cost, cost_rows = cost_rows + excluded.cost_rows,
estimate = estimate + excluded.estimate, estimate_rows = estimate_rows + excluded.estimate_rows,
uncached = uncached + excluded.uncached, cached = cached + excluded.cached, output = output + excluded.output,
tokens = tokens + excluded.tokens, token_rows = token_rows + excluded.token_rows

-- fragment touched_days: the usage of the touched accounts on the rolled days, in the order of the table
FROM temp.rolled_day d CROSS JOIN temp.touched t CROSS JOIN usage_day u ON u.day = d.day AND u.account = t.account

-- fragment owned: to whom the usage u belongs on its day
JOIN account_link l ON l.account = u.account AND u.day >= l.since AND u.day < l.until
JOIN employee e ON e.id = l.employee

-- fragment perhaps_owned: the same, where it may belong to nobody
LEFT JOIN account_link l ON l.account = u.account AND u.day >= l.since AND u.day < l.until
LEFT JOIN employee e ON e.id = l.employee

-- roll_total: add the touched usage to the totals of every chain above it
INSERT INTO chain_day
SELECT up.ancestor, s.day, 0, 0, {s_signed}
FROM (SELECT coalesce(e.home_chain, -1) AS chain, u.day AS day, {u_named}
      {touched_days} {perhaps_owned} GROUP BY 1, 2) s
JOIN chain_up up ON up.chain = s.chain
GROUP BY up.ancestor, s.day
ON CONFLICT DO UPDATE SET {add_up};

-- roll_client: the same by client
INSERT INTO chain_day
SELECT up.ancestor, s.day, 1, s.client, {s_signed}
FROM (SELECT coalesce(e.home_chain, -1) AS chain, u.day AS day, u.client AS client, {u_named}
      FROM temp.rolled_day d CROSS JOIN temp.touched t
      CROSS JOIN usage_client u ON u.day = d.day AND u.account = t.account {perhaps_owned} GROUP BY 1, 2, 3) s
JOIN chain_up up ON up.chain = s.chain
GROUP BY up.ancestor, s.day, s.client
ON CONFLICT DO UPDATE SET {add_up};

-- roll_model: the same by model
INSERT INTO chain_day
SELECT up.ancestor, s.day, 2, s.model, {s_signed}
FROM (SELECT coalesce(e.home_chain, -1) AS chain, u.day AS day, u.model AS model, {m_named}
      FROM temp.rolled_day d CROSS JOIN temp.touched t
      CROSS JOIN usage_model u ON u.day = d.day AND u.account = t.account {perhaps_owned} GROUP BY 1, 2, 3) s
JOIN chain_up up ON up.chain = s.chain
GROUP BY up.ancestor, s.day, s.model
ON CONFLICT DO UPDATE SET {add_up};

-- roll_code: the same for code attribution
INSERT INTO chain_code_day
SELECT up.ancestor, s.day, :sign * sum(s.rows), :sign * sum(s.added), :sign * sum(s.removed),
       :sign * sum(s.committed), :sign * sum(s.total_committed), :sign * sum(s.codex_commits), :sign * sum(s.total_commits)
FROM (SELECT coalesce(e.home_chain, -1) AS chain, u.day AS day, count(*) AS rows, sum(u.added) AS added,
             coalesce(sum(u.removed), 0) AS removed, coalesce(sum(u.committed), 0) AS committed,
             coalesce(sum(u.total_committed), 0) AS total_committed,
             coalesce(sum(u.codex_commits), 0) AS codex_commits, coalesce(sum(u.total_commits), 0) AS total_commits
      FROM temp.rolled_day d CROSS JOIN temp.touched t
      CROSS JOIN usage_code u ON u.day = d.day AND u.account = t.account {perhaps_owned} GROUP BY 1, 2) s
JOIN chain_up up ON up.chain = s.chain
GROUP BY up.ancestor, s.day
ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, added = added + excluded.added,
    removed = removed + excluded.removed, committed = committed + excluded.committed,
    total_committed = total_committed + excluded.total_committed,
    codex_commits = codex_commits + excluded.codex_commits, total_commits = total_commits + excluded.total_commits;

-- roll_person: note the touched usage that any kept period holds, by person and day
INSERT INTO temp.moved_person
SELECT s.employee, s.day, {s_signed}
FROM (SELECT l.employee AS employee, u.day AS day, {u_named} {touched_days} {owned}
      WHERE u.day IN temp.kept_day GROUP BY 1, 2) s
GROUP BY s.employee, s.day
ON CONFLICT DO UPDATE SET {add_up};

-- roll_team: the same by team
INSERT INTO temp.moved_team
SELECT s.team, s.day, {s_signed}
FROM (SELECT e.team AS team, u.day AS day, {u_named} {touched_days} {owned}
      WHERE u.day IN temp.kept_day GROUP BY 1, 2) s
GROUP BY s.team, s.day
ON CONFLICT DO UPDATE SET {add_up};

-- fragment cells: sums of account-days by all that a budget of a group can be about
e.team AS team, e.department AS department, e.cost_center AS cost_center, u.day AS day, count(*) AS rows,
sum(u.credits) AS credits, coalesce(sum(u.estimate), 0) AS estimate, count(u.estimate) AS estimate_rows

-- fragment cells_by_group: cells s, once for each group that they are of
(SELECT 'team' AS scope, t.name AS name, s.* FROM s JOIN team t ON t.id = s.team
 UNION ALL SELECT 'department', s.department, s.* FROM s
 UNION ALL SELECT 'cost_center', s.cost_center, s.* FROM s) m

-- groups_of_day: what some groups, given as JSON, used on a day
WITH s AS MATERIALIZED (SELECT {cells} FROM usage_day u {owned} WHERE u.day = :day GROUP BY 1, 2, 3)
SELECT m.scope, m.name, sum(m.rows), sum(m.credits), sum(m.estimate), sum(m.estimate_rows) FROM {cells_by_group}
WHERE (m.scope, m.name) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:groups))
GROUP BY m.scope, m.name;

-- roll_group: add the touched usage to the days of the groups that have a budget
WITH s AS MATERIALIZED (
    SELECT {cells} {touched_days} {owned} WHERE EXISTS (SELECT 1 FROM budget_group) GROUP BY 1, 2, 3, 4)
INSERT INTO budget_day
SELECT g.id, m.day, :sign * sum(m.rows), :sign * sum(m.credits), :sign * sum(m.estimate),
       :sign * sum(m.estimate_rows)
FROM {cells_by_group}
JOIN budget_group g ON g.scope = m.scope AND g.name = m.name
WHERE m.day >= g.since
GROUP BY g.id, m.day
ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, credits = credits + excluded.credits,
    estimate = estimate + excluded.estimate, estimate_rows = estimate_rows + excluded.estimate_rows;

-- sweep_group: groups that have nothing left on the rolled days
DELETE FROM budget_day
WHERE rows = 0 AND budget_group IN (SELECT id FROM budget_group) AND day IN (SELECT day FROM temp.changed_day);

-- list_kept_days: the days that any kept period holds
INSERT INTO temp.kept_day
SELECT d.day FROM temp.rolled_day d
WHERE EXISTS (SELECT 1 FROM period_sum p WHERE p.since <= d.day AND d.day < p.until);

-- move_person: add what was noted, and is not nothing, to every kept period that its day lies in
INSERT INTO period_person
SELECT p.id, s.employee, {s_totals}
FROM period_sum p CROSS JOIN temp.moved_person s ON p.since <= s.day AND s.day < p.until
WHERE ({s_row}) != (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
GROUP BY p.id, s.employee
ON CONFLICT DO UPDATE SET {add_up};

-- move_team: the same by team
INSERT INTO period_team
SELECT p.id, s.team, {s_totals}
FROM period_sum p CROSS JOIN temp.moved_team s ON p.since <= s.day AND s.day < p.until
WHERE ({s_row}) != (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
GROUP BY p.id, s.team
ON CONFLICT DO UPDATE SET {add_up};

-- sweep_person: people who have nothing left in a kept period
DELETE FROM period_person
WHERE period IN (SELECT id FROM period_sum) AND employee IN (SELECT employee FROM temp.moved_person) AND rows = 0;

-- sweep_team: teams that have nothing left in a kept period
DELETE FROM period_team
WHERE period IN (SELECT id FROM period_sum) AND team IN (SELECT team FROM temp.moved_team) AND rows = 0;

-- sweep_chain: chains that have nothing left on the rolled days
DELETE FROM chain_day
WHERE rows = 0 AND chain IN (SELECT DISTINCT ancestor FROM chain_up) AND day IN (SELECT day FROM temp.changed_day);

-- note_owners: the employees whom the touched accounts belong to
INSERT OR IGNORE INTO temp.owner
SELECT l.employee FROM temp.touched t CROSS JOIN account_link l ON l.account = t.account;

-- active_owners: who of the noted employees used anything on a day
SELECT DISTINCT o.employee
FROM temp.owner o
CROSS JOIN account_link l ON l.employee = o.employee
CROSS JOIN usage_day u ON u.day = :day AND u.account = l.account
WHERE :day >= l.since AND :day < l.until
  AND {u_active};

-- fill_person: sum a kept period by person
INSERT INTO period_person
SELECT :period, l.employee, {u_totals}
FROM day_state d CROSS JOIN usage_day u ON u.day = d.day
JOIN account_link l ON l.account = u.account AND u.day >= l.since AND u.day < l.until
WHERE d.day >= :since AND d.day < :until
GROUP BY l.employee;

-- fill_team: sum a kept period by team, from its people
INSERT INTO period_team
SELECT :period, e.team, {s_totals}
FROM period_person s JOIN employee e ON e.id = s.employee
WHERE s.period = :period
GROUP BY 2;

-- copy_week: the days of a week, in the order of the copy
INSERT INTO week_day
SELECT :week, u.*
FROM account a CROSS JOIN day_state d CROSS JOIN usage_day u ON u.day = d.day AND u.account = a.id
WHERE d.day >= :since AND d.day < :until
ORDER BY a.id, d.day;

-- copy_week_split: a split of the days of a week that was just copied
INSERT INTO week_:table:
SELECT :week, u.*
FROM week_day w CROSS JOIN usage_:table: u ON u.day = w.day AND u.account = w.account
WHERE w.week = :week;

-- drop_touched_week: take the touched accounts out of the copies of the rolled days
DELETE FROM week_:table:
WHERE (week, account, day) IN (
    SELECT s.week, t.account, d.day
    FROM temp.rolled_day d CROSS JOIN settled_week s ON s.week = d.day / 7 CROSS JOIN temp.touched t);

-- copy_touched_week: copy them anew
INSERT INTO week_:table:
SELECT s.week, u.*
FROM temp.rolled_day d CROSS JOIN settled_week s ON s.week = d.day / 7
CROSS JOIN temp.touched t CROSS JOIN usage_:table: u ON u.day = d.day AND u.account = t.account
WHERE s.splits >= :split;

-- fragment ranked: the figures that people are ranked by, of rows u of usage_day
coalesce(u.credits, 0), coalesce(u.threads, 0), coalesce(u.turns, 0),
coalesce(coalesce(u.uncached, 0) + coalesce(u.cached, 0) + coalesce(u.output, 0) + u.tokens_over, 0)

-- day_figures: what each account used on a day
SELECT u.account, {ranked} FROM usage_day u WHERE u.day = :day;

-- touched_figures: what each touched account uses on a day now
SELECT t.account, {ranked} FROM temp.touched t LEFT JOIN usage_day u ON u.day = :day AND u.account = t.account;

-- drop_touched_columns: a figure's columns of several days (at most :days) that one of the rolled days lies in
DELETE FROM column_span WHERE rowid IN (
    SELECT c.rowid FROM temp.rolled_day d CROSS JOIN column_span c
    ON c.figure = :figure AND c.since > d.day - :days AND c.since <= d.day
    WHERE c.until > d.day AND c.until > c.since + 1);

-- longest_columns: the columns within some days, of all figures alike: where they begin, and where the longest then ends
SELECT since, max(until) FROM column_span
WHERE figure = 'credits' AND since >= :since AND until <= :until GROUP BY since;

-- company_figure: one figure of the whole company, which fits into 63 bits or is an error
SELECT sum(s.:metric:) FROM chain_day s
WHERE s.chain = 0 AND s.day >= :since AND s.day < :until AND s.split = 0;

-- touch_changed: accounts whose staged day differs from the stored one, in anything
INSERT OR IGNORE INTO temp.touched
SELECT n.account FROM staging.usage_day n LEFT JOIN usage_day o ON o.day = n.day AND o.account = n.account
WHERE n.day = :day AND (o.account IS NULL OR
    (n.threads, n.turns, n.credits, n.cost, n.estimate, n.uncached, n.cached, n.output, n.tokens_over, n.has_models)
    IS NOT (o.threads, o.turns, o.credits, o.cost, o.estimate, o.uncached, o.cached, o.output, o.tokens_over, o.has_models))
UNION ALL
SELECT n.account FROM staging.usage_client n
LEFT JOIN usage_client o ON o.day = n.day AND o.account = n.account AND o.client = n.client
WHERE n.day = :day AND (o.account IS NULL OR
    (n.threads, n.turns, n.credits, n.cost, n.estimate, n.uncached, n.cached, n.output, n.tokens_over)
    IS NOT (o.threads, o.turns, o.credits, o.cost, o.estimate, o.uncached, o.cached, o.output, o.tokens_over))
UNION ALL
SELECT n.account FROM staging.usage_model n
LEFT JOIN usage_model o ON o.day = n.day AND o.account = n.account AND o.model = n.model
WHERE n.day = :day AND (o.account IS NULL OR
    (n.credits, n.cost, n.estimate, n.uncached, n.cached, n.output, n.tokens_over)
    IS NOT (o.credits, o.cost, o.estimate, o.uncached, o.cached, o.output, o.tokens_over))
UNION ALL
SELECT n.account FROM staging.usage_code n
LEFT JOIN usage_code o ON o.day = n.day AND o.account = n.account
WHERE n.day = :day AND (o.account IS NULL OR
    (n.added, n.removed, n.committed, n.total_committed, n.committed_percentage, n.codex_commits,
     n.codex_commits_percentage, n.total_commits)
    IS NOT (o.added, o.removed, o.committed, o.total_committed, o.committed_percentage, o.codex_commits,
     o.codex_commits_percentage, o.total_commits))
UNION ALL
SELECT n.account FROM staging.usage_extra n
LEFT JOIN usage_extra o ON o.day = n.day AND o.account = n.account
WHERE n.day = :day AND n.fields IS NOT o.fields;

-- touch_vanished: accounts that have a stored row, client, model, attribution or field that the staged day lacks
INSERT OR IGNORE INTO temp.touched
SELECT o.account FROM usage_day o LEFT JOIN staging.usage_day n ON n.day = o.day AND n.account = o.account
WHERE o.day = :day AND n.account IS NULL
UNION ALL
SELECT o.account FROM usage_client o
LEFT JOIN staging.usage_client n ON n.day = o.day AND n.account = o.account AND n.client = o.client
WHERE o.day = :day AND n.account IS NULL
UNION ALL
SELECT o.account FROM usage_model o
LEFT JOIN staging.usage_model n ON n.day = o.day AND n.account = o.account AND n.model = o.model
WHERE o.day = :day AND n.account IS NULL
UNION ALL
SELECT o.account FROM usage_code o LEFT JOIN staging.usage_code n ON n.day = o.day AND n.account = o.account
WHERE o.day = :day AND n.account IS NULL
UNION ALL
SELECT o.account FROM usage_extra o LEFT JOIN staging.usage_extra n ON n.day = o.day AND n.account = o.account
WHERE o.day = :day AND n.account IS NULL;

-- count_new: touched accounts that had no row on the day
SELECT count(*) FROM temp.touched t LEFT JOIN usage_day o ON o.day = :day AND o.account = t.account
WHERE o.account IS NULL;

-- count_vanished: touched accounts that have no row on the day any more
SELECT count(*) FROM temp.touched t LEFT JOIN staging.usage_day n ON n.day = :day AND n.account = t.account
WHERE n.account IS NULL;

-- fragment owned_days: an account, whose it is, and on which days of the period (until is exclusive)
l.employee, l.account, max(l.since, :since) AS since, min(l.until, :until) AS until

-- fragment of_people: what belongs to some employees (JSON ids)
owned AS MATERIALIZED (
    SELECT {owned_days} FROM json_each(:people) p CROSS JOIN account_link l ON l.employee = p.value
)

-- fragment calendar: the days of the period that must be looked up one by one, and the settled weeks that it touches
loose AS MATERIALIZED (
    SELECT d.day FROM day_state d
    WHERE d.day >= :since AND d.day < :until
      AND NOT EXISTS (SELECT 1 FROM settled_week s WHERE s.week = d.day / 7)
),
settled AS MATERIALIZED (SELECT * FROM settled_week WHERE week >= :since / 7 AND week <= (:until - 1) / 7)

-- fragment account_days: the usage of what is owned; apart where its splits must be looked up by day
SELECT o.employee, 1 AS apart, u.*
FROM owned o CROSS JOIN loose d CROSS JOIN usage_day u ON u.day = d.day AND u.account = o.account
WHERE d.day >= o.since AND d.day < o.until
UNION ALL
SELECT o.employee, NOT s.splits, u.day, u.account, {figures}, u.has_models
FROM owned o CROSS JOIN settled s CROSS JOIN week_day u ON u.week = s.week AND u.account = o.account
WHERE u.day >= o.since AND u.day < o.until

-- breakdown: the usage of some employees (JSON ids) by person, day, client and model, and code attribution
WITH {of_people}, {calendar}, hit AS MATERIALIZED ({account_days})
SELECT 'person', u.employee, {u_totals} FROM hit u GROUP BY u.employee
UNION ALL
SELECT 'day', u.day, {u_totals} FROM hit u GROUP BY u.day
UNION ALL
SELECT 'client', u.client, {u_totals} FROM (
    SELECT u.client, {figures}
    FROM hit h CROSS JOIN usage_client u ON u.day = h.day AND u.account = h.account WHERE h.apart
    UNION ALL
    SELECT u.client, {figures}
    FROM owned o CROSS JOIN settled s CROSS JOIN week_client u ON u.week = s.week AND u.account = o.account
    WHERE u.day >= o.since AND u.day < o.until
) u GROUP BY u.client
UNION ALL
SELECT 'model', u.model, {m_totals} FROM (
    SELECT u.model, {m_figures}
    FROM hit h CROSS JOIN usage_model u ON u.day = h.day AND u.account = h.account WHERE h.apart
    UNION ALL
    SELECT u.model, {m_figures}
    FROM owned o CROSS JOIN settled s CROSS JOIN week_model u ON u.week = s.week AND u.account = o.account
    WHERE u.day >= o.since AND u.day < o.until
) u GROUP BY u.model
UNION ALL
SELECT 'code', 0, count(*), coalesce(sum(u.added), 0), coalesce(sum(u.removed), 0), coalesce(sum(u.committed), 0),
       coalesce(sum(u.total_committed), 0), coalesce(sum(u.codex_commits), 0), coalesce(sum(u.total_commits), 0),
       0, 0, 0, 0, 0, 0
FROM (
    SELECT {code_figures}
    FROM hit h CROSS JOIN usage_code u ON u.day = h.day AND u.account = h.account WHERE h.apart
    UNION ALL
    SELECT {code_figures}
    FROM owned o CROSS JOIN settled s CROSS JOIN week_code u ON u.week = s.week AND u.account = o.account
    WHERE u.day >= o.since AND u.day < o.until
) u;

-- people_totals: the usage of some employees (JSON ids) by person
WITH {of_people}, {calendar}
SELECT u.employee, {u_totals} FROM ({account_days}) u GROUP BY u.employee;

-- people_totals_of_period: the same in a kept period
SELECT s.employee, {s_row}
FROM json_each(:people) p CROSS JOIN period_person s ON s.period = :period AND s.employee = p.value;

-- export_totals: the usage of some employees (JSON ids) by person, and on how many days they used anything
SELECT l.employee, count(DISTINCT CASE WHEN {u_active} THEN u.day END), {u_totals}
FROM json_each(:people) p
CROSS JOIN account_link l ON l.employee = p.value
CROSS JOIN day_state d
CROSS JOIN usage_day u ON u.day = d.day AND u.account = l.account
WHERE d.day >= :since AND d.day < :until AND d.day >= l.since AND d.day < l.until
GROUP BY l.employee;

-- active_days: the stored days, newest first, and whether one employee used anything, looked up one after the other
SELECT d.day, EXISTS (
    SELECT 1 FROM account_link l CROSS JOIN usage_day u ON u.day = d.day AND u.account = l.account
    WHERE l.employee = :employee AND d.day >= l.since AND d.day < l.until AND {u_active})
FROM day_state d WHERE d.day < :until ORDER BY d.day DESC;

-- credits_of_day: by whose account, an account after the other
SELECT l.employee, u.credits
FROM usage_day u
JOIN account_link l ON l.account = u.account AND u.day >= l.since AND u.day < l.until
WHERE u.day = :day;

-- credits_of_people: what some employees (JSON numbers) used on each day of a period, looked up account by account
SELECT d.day, l.employee, sum(u.credits)
FROM json_each(:people) p
CROSS JOIN account_link l ON l.employee = p.value
CROSS JOIN day_state d ON d.day >= max(:since, l.since) AND d.day < min(:until, l.until)
CROSS JOIN usage_day u ON u.day = d.day AND u.account = l.account
GROUP BY d.day, l.employee;

-- remembered_days: the learnt days of a window, of each what is needed of it
SELECT day, today, sample, found,
    iif(day < :forgotten OR day >= :recent, people, x''), iif(day < :forgotten OR day >= :recent, logs, x''),
    iif(day >= :recent, credits, x''), iif(day >= :recent, expected, x'')
FROM learnt_day WHERE day >= :since AND day < :until ORDER BY day;

-- note_changed_day: whoever the touched accounts belong to on a learnt day
INSERT INTO unlearnt (employee, day)
SELECT DISTINCT l.employee, :day
FROM temp.touched t CROSS JOIN account_link l ON l.account = t.account
WHERE :day >= l.since AND :day < l.until;

-- note_changed_links: whoever has or had something on a learnt day through a link (JSON account, employee, since, until)
INSERT INTO unlearnt (employee, day)
SELECT json_extract(k.value, '$[1]'), min(d.day)
FROM json_each(:links) k
CROSS JOIN learnt_day d
    ON d.day >= json_extract(k.value, '$[2]') AND d.day < json_extract(k.value, '$[3]')
CROSS JOIN usage_day u ON u.day = d.day AND u.account = json_extract(k.value, '$[0]')
GROUP BY k.key;

-- chain_days: a chain's totals by day
SELECT s.day, {s_row} FROM chain_day s
WHERE s.chain = :chain AND s.day >= :since AND s.day < :until AND s.split = 0;

-- chain_parts: a chain's usage by client (split 1) or model (split 2)
SELECT s.part, {s_totals} FROM chain_day s
WHERE s.chain = :chain AND s.day >= :since AND s.day < :until AND s.split = :split
GROUP BY s.part;

-- chain_code: a chain's code attribution
SELECT coalesce(sum(rows), 0), coalesce(sum(added), 0), coalesce(sum(removed), 0), coalesce(sum(committed), 0),
       coalesce(sum(total_committed), 0), coalesce(sum(codex_commits), 0), coalesce(sum(total_commits), 0)
FROM chain_code_day WHERE chain = :chain AND day >= :since AND day < :until;

-- top_of_period_by_place: the largest of a small part of the chart in a kept period
SELECT s.employee, {s_row}
FROM employee e CROSS JOIN period_person s ON s.period = :period AND s.employee = e.id
WHERE e.first > :above AND e.first <= :last AND {s_active}
ORDER BY s.:metric: DESC, s.credits DESC, e.email LIMIT :most;

-- ranking_of_period: everybody in a kept period, the largest first
SELECT s.employee, s.:metric: FROM period_person s INDEXED BY period_person_:metric:
WHERE s.period = :period ORDER BY s.:metric: DESC;

-- top_of_people: the largest of some employees (JSON ids) in a kept period
SELECT s.employee, {s_row}
FROM json_each(:people) p CROSS JOIN period_person s ON s.period = :period AND s.employee = p.value
CROSS JOIN employee e ON e.id = s.employee
WHERE {s_active}
ORDER BY s.:metric: DESC, s.credits DESC, e.email LIMIT :most;

-- top_of_days_by_place: the largest of a part of the chart in any period, looked up one after the other
WITH owned AS MATERIALIZED (
    SELECT {owned_days} FROM employee e CROSS JOIN account_link l ON l.employee = e.id
    WHERE e.first > :above AND e.first <= :last
), {calendar}
SELECT s.employee, {s_row}
FROM (SELECT u.employee AS employee, {u_named} FROM ({account_days}) u GROUP BY u.employee) s
JOIN employee e ON e.id = s.employee
WHERE {s_active}
ORDER BY s.:metric: DESC, s.credits DESC, e.email LIMIT :most;

-- top_of_days: the largest of the company, or most of it, in any period, from the days themselves
SELECT s.employee, {s_row} FROM (
    SELECT l.employee AS employee, {u_named}
    FROM day_state d CROSS JOIN usage_day u ON u.day = d.day
    JOIN account_link l ON l.account = u.account AND u.day >= l.since AND u.day < l.until
    WHERE d.day >= :since AND d.day < :until
    GROUP BY l.employee) s
JOIN employee e ON e.id = s.employee
WHERE e.first > :above AND e.first <= :last AND {s_active}
ORDER BY s.:metric: DESC, s.credits DESC, e.email LIMIT :most;

-- links_of_part: accounts that somebody owned on some of the days at most, and whether on any of them
SELECT account, employee, since < :until AND until > :since FROM account_link
WHERE since > :since OR until < :until;

-- groups_of_period: the largest teams of a kept period that have enough people
SELECT t.name, t.people, {s_row}
FROM period_team s INDEXED BY period_team_credits CROSS JOIN team t ON t.id = s.team
WHERE s.period = :period AND t.people >= :smallest
ORDER BY s.credits DESC, t.name LIMIT :most;

-- groups_of_days: the same for any period, from the days themselves; by person first, so that each is looked up once
SELECT t.name, t.people, {s_totals}
FROM (
    SELECT l.employee AS employee, {u_named}
    FROM day_state d CROSS JOIN usage_day u ON u.day = d.day
    JOIN account_link l ON l.account = u.account AND u.day >= l.since AND u.day < l.until
    WHERE d.day >= :since AND d.day < :until
    GROUP BY l.employee) s
CROSS JOIN employee e ON e.id = s.employee CROSS JOIN team t ON t.id = e.team
WHERE t.people >= :smallest
GROUP BY t.id
ORDER BY sum(s.credits) DESC, t.name LIMIT :most;

-- idle_groups: teams with enough people beside those named
SELECT name, people FROM team
WHERE people >= :smallest AND name NOT IN (SELECT value FROM json_each(:seen))
ORDER BY name LIMIT :most;

-- workspace_gap: the workspace's own totals less the sum of its accounts, on days of which both were read
SELECT count(*), coalesce(sum(w.threads - coalesce(s.threads, 0)), 0), coalesce(sum(w.turns - coalesce(s.turns, 0)), 0),
       coalesce(sum(w.credits - coalesce(s.credits, 0)), 0), coalesce(sum(w.cost - coalesce(s.cost, 0)), 0),
       coalesce(sum(w.estimate - coalesce(s.estimate, 0)), 0),
       coalesce(sum(coalesce(w.uncached, 0) + coalesce(w.cached, 0) + coalesce(w.output, 0) + w.tokens_over
                    - coalesce(s.tokens, 0)), 0)
FROM workspace_day w JOIN day_state d ON d.day = w.day
LEFT JOIN chain_day s ON s.chain = 0 AND s.day = w.day AND s.split = 0 AND s.part = 0
WHERE w.day >= :since AND w.day < :until;

-- reviews: reviews written in a period, with comments by priority
SELECT coalesce(sum(pull_request_reviews), 0), coalesce(sum(comments), 0), coalesce(sum(p0), 0), coalesce(sum(p1), 0),
       coalesce(sum(p2), 0)
FROM review_day WHERE day >= :since AND day < :until;

-- review_responses: how the comments on pull requests merged in a period were answered
SELECT coalesce(sum(pull_request_reviews), 0), coalesce(sum(comments), 0), coalesce(sum(engaged), 0),
       coalesce(sum(replied), 0), coalesce(sum(reacted), 0), coalesce(sum(upvoted), 0), coalesce(sum(downvoted), 0)
FROM review_response_day WHERE day >= :since AND day < :until;

-- reviews_by_day: pull requests reviewed, by day
SELECT day, pull_request_reviews FROM review_day WHERE day >= :since AND day < :until;

-- people_counts: employed today, of them in Slack; accounts, of them nobody's
SELECT (SELECT count(*) FROM employee WHERE NOT archived),
       (SELECT count(*) FROM employee WHERE NOT archived AND slack_id IS NOT NULL),
       (SELECT count(*) FROM account),
       (SELECT count(*) FROM account a WHERE NOT EXISTS (SELECT 1 FROM account_link l WHERE l.account = a.id));

-- count_team_people: how many people of each team are employed today
UPDATE team SET people = (SELECT count(*) FROM employee e WHERE e.team = team.id AND NOT e.archived)
WHERE people IS NOT (SELECT count(*) FROM employee e WHERE e.team = team.id AND NOT e.archived);

-- branch_days: the usage of several parts of the chart (JSON pairs of places) by day
SELECT b.key, d.day, {u_totals}
FROM json_each(:branches) b
CROSS JOIN employee e ON e.first > json_extract(b.value, '$[0]') AND e.first <= json_extract(b.value, '$[1]')
CROSS JOIN account_link l ON l.employee = e.id
CROSS JOIN day_state d
CROSS JOIN usage_day u ON u.day = d.day AND u.account = l.account
WHERE d.day >= :since AND d.day < :until AND d.day >= l.since AND d.day < l.until
GROUP BY 1, 2;

-- branch_splits: their credits by client (1) and by model (2)
WITH hit AS MATERIALIZED (
    SELECT b.key AS branch, d.day, l.account
    FROM json_each(:branches) b
    CROSS JOIN employee e ON e.first > json_extract(b.value, '$[0]') AND e.first <= json_extract(b.value, '$[1]')
    CROSS JOIN account_link l ON l.employee = e.id
    CROSS JOIN day_state d
    WHERE d.day >= :since AND d.day < :until AND d.day >= l.since AND d.day < l.until
)
SELECT h.branch, 1, u.client, sum(u.credits)
FROM hit h CROSS JOIN usage_client u ON u.day = h.day AND u.account = h.account GROUP BY 1, 3
UNION ALL
SELECT h.branch, 2, u.model, sum(u.credits)
FROM hit h CROSS JOIN usage_model u ON u.day = h.day AND u.account = h.account GROUP BY 1, 3;

-- chains_days: the usage of several chains (JSON ids) that are summed beforehand, by day
SELECT s.chain, s.day, {s_row}
FROM json_each(:chains) c
CROSS JOIN chain_day s ON s.chain = c.value AND s.day >= :since AND s.day < :until
WHERE s.split = 0;

-- chains_splits: their credits by client (1) and by model (2)
SELECT s.chain, s.split, s.part, sum(s.credits)
FROM json_each(:chains) c
CROSS JOIN chain_day s ON s.chain = c.value AND s.day >= :since AND s.day < :until
WHERE s.split IN (1, 2)
GROUP BY 1, 2, 3;

-- never_active: who of a part of the chart is employed today and never used anything; whether right at its top
SELECT e.id, e.depth = :depth
FROM employee e
WHERE e.first > :above AND e.first <= :last AND NOT e.archived AND NOT EXISTS (
    SELECT 1
    FROM account_link l
    CROSS JOIN day_state d
    CROSS JOIN usage_day u ON u.day = d.day AND u.account = l.account
    WHERE l.employee = e.id AND d.day >= l.since AND d.day < l.until AND {u_active});

-- shifts_of_chain: whose lasting change was noticed in a period, of a part of the chart
SELECT e.email, s.since, s.found, s.last, s.usual, s.present, s.noticed
FROM employee e CROSS JOIN shift s ON s.employee = e.id
WHERE e.first > :above AND e.first <= :last AND NOT e.archived AND s.noticed >= :since AND s.noticed < :until;

-- shifts_of_period: the same, where the part has more people than a period has changes
SELECT e.email, s.since, s.found, s.last, s.usual, s.present, s.noticed
FROM shift s INDEXED BY shift_noticed CROSS JOIN employee e ON e.id = s.employee
WHERE s.noticed >= :since AND s.noticed < :until AND e.first > :above AND e.first <= :last AND NOT e.archived;

-- group_totals: what some teams (JSON names) used over any days
SELECT t.name, {u_totals}
FROM json_each(:names) n
CROSS JOIN team t ON t.name = n.value
CROSS JOIN employee e ON e.team = t.id
CROSS JOIN account_link l ON l.employee = e.id
CROSS JOIN day_state d
CROSS JOIN usage_day u ON u.day = d.day AND u.account = l.account
WHERE d.day >= :since AND d.day < :until AND d.day >= l.since AND d.day < l.until
GROUP BY t.id;

-- group_splits: their credits by client (1) and by model (2)
WITH hit AS MATERIALIZED (
    SELECT t.name, d.day, l.account
    FROM json_each(:names) n
    CROSS JOIN team t ON t.name = n.value
    CROSS JOIN employee e ON e.team = t.id
    CROSS JOIN account_link l ON l.employee = e.id
    CROSS JOIN day_state d
    WHERE d.day >= :since AND d.day < :until AND d.day >= l.since AND d.day < l.until
)
SELECT h.name, 1, u.client, sum(u.credits)
FROM hit h CROSS JOIN usage_client u ON u.day = h.day AND u.account = h.account GROUP BY 1, 3
UNION ALL
SELECT h.name, 2, u.model, sum(u.credits)
FROM hit h CROSS JOIN usage_model u ON u.day = h.day AND u.account = h.account GROUP BY 1, 3;

-- fragment manager_reader: whoever is to get a manager's digest: anybody employed is below them
FROM employee e JOIN slack_person s ON s.slack_id = e.slack_id LEFT JOIN digest_choice c ON c.employee = e.id
WHERE e.last > e.first AND NOT e.archived AND NOT coalesce(c.paused, 0)
      AND EXISTS (SELECT 1 FROM employee r WHERE r.first > e.first AND r.first <= e.last AND NOT r.archived);

-- fragment personal_reader: whoever asked for a digest of their own usage
FROM digest_choice c JOIN employee e ON e.id = c.employee JOIN slack_person s ON s.slack_id = e.slack_id
WHERE c.personal AND NOT c.paused AND NOT e.archived;

-- fragment not_ordered: and is not in the outbox yet
NOT EXISTS (SELECT 1 FROM delivery d WHERE d.period = :period AND d.kind = :kind AND d.recipient = e.email)
ORDER BY e.id;

-- manager_digest_clocks: on which clocks managers live
SELECT DISTINCT s.timezone, e.timezone, c.weekday, c.minute {manager_reader};

-- personal_digest_clocks: on which clocks those live who asked for their own
SELECT DISTINCT s.timezone, e.timezone, c.weekday, c.minute {personal_reader};

-- manager_digest_recipients: managers who are not in the outbox yet
SELECT e.email, s.timezone, e.timezone, c.weekday, c.minute {manager_reader} AND {not_ordered};

-- personal_digest_recipients: those who asked for their own and are not in the outbox yet
SELECT e.email, s.timezone, e.timezone, c.weekday, c.minute {personal_reader} AND {not_ordered};

-- delivery_troubles: why Slack refuses everything, and how many digests of the newest week did not arrive
SELECT c.stopped_for,
       (SELECT count(*) FROM delivery d WHERE d.period = (SELECT max(period) FROM delivery WHERE period < 'alert')
        AND d.state IN ('parked', 'unknown'))
FROM courier c;
