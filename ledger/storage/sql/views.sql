-- What readers see: the published file (attached as w) seen through people's decisions.
-- decided.sql comes before this: `decision`, and what people decided of speakers, undertakings and evidence.
-- A statement that a person linked takes the role and body which that official held on the day. `link` holds
-- the rows of link_now, asked once for each state of the decisions; it and the other tables are filled by
-- ledger/decisions/published.py.
CREATE TABLE regrouped (commitment_id VARCHAR, pledge_id VARCHAR);
CREATE TABLE gone (pledge_id VARCHAR, into_id VARCHAR);

CREATE TABLE link AS FROM link_now;

CREATE TABLE held AS -- the area of a post
SELECT official_id, role, body, any_value(area ORDER BY first DESC) AS area FROM w.posts GROUP BY ALL;

-- What is stored, without what reserved articles do not let pass (summary.sql): nobody reads past these views.
CREATE MACRO statements_given(base, hidden) AS TABLE
SELECT s.* REPLACE (
    CASE WHEN h.statement_id IS NULL THEN s.content ELSE h.content END AS content,
    CASE WHEN h.statement_id IS NULL THEN s.words ELSE h.words END AS words)
FROM query_table(base) s LEFT JOIN query_table(hidden) h ON h.statement_id = s.id;
CREATE VIEW given_statement AS FROM statements_given('w.statements', 'w.withheld');
CREATE VIEW given_commitment AS
SELECT c.* REPLACE (
    CASE WHEN h.commitment_id IS NULL THEN c.action ELSE h.action END AS action,
    CASE WHEN h.commitment_id IS NULL THEN c.condition ELSE h.condition END AS condition,
    CASE WHEN h.commitment_id IS NULL THEN c.place ELSE h.place END AS place,
    CASE WHEN h.commitment_id IS NULL THEN c.measure_text ELSE h.measure_text END AS measure_text,
    CASE WHEN h.commitment_id IS NULL THEN c.deadline_text ELSE h.deadline_text END AS deadline_text,
    CASE WHEN h.commitment_id IS NULL THEN c.why ELSE h.why END AS why)
FROM w.commitments c LEFT JOIN w.withheld_commitment h ON h.commitment_id = c.id;
CREATE VIEW given_evidence AS -- `content`: the span, none where the words are not given
SELECT e.* REPLACE (
    CASE WHEN h.evidence_id IS NULL THEN e.words ELSE '' END AS words,
    CASE WHEN h.evidence_id IS NULL THEN e.why ELSE h.why END AS why),
    CASE WHEN h.evidence_id IS NULL THEN [[e.first, e.last]] ELSE [] END AS content
FROM w.evidence e LEFT JOIN w.withheld_evidence h ON h.evidence_id = e.id;

-- Commitments in their pledges, with what people have merged and split since the run (ledger/decisions/reader_merges.py).
CREATE VIEW place_view AS
SELECT pc.commitment_id, coalesce(r.pledge_id, pc.pledge_id) AS pledge_id,
    pc.position + CASE WHEN r.pledge_id IS NULL THEN 0 ELSE 1000 END AS position,
    coalesce(h.changed, pc.changed) AS changed
FROM w.pledge_commitments pc LEFT JOIN regrouped r ON r.commitment_id = pc.commitment_id
LEFT JOIN w.withheld_change h ON h.commitment_id = pc.commitment_id;

-- Statements of officials and of speakers nobody has resolved yet; those of non-officials are not shown.
-- `statement_view` shows them all; `asked_statement` those whose ids are in the variable `asked`: both the same way,
-- but the second is read by the keys alone, whatever else is stored.
CREATE MACRO statements_said(base) AS TABLE
SELECT s.* EXCLUDE (speaker, official_id, role, body, why),
    as_decided(link.subject, link.speaker, nobody.subject, s.speaker) AS speaker,
    as_decided(link.subject, link.official_id, nobody.subject, s.official_id) AS official_id,
    as_decided(link.subject, link.role, nobody.subject, s.role) AS role,
    as_decided(link.subject, link.body, nobody.subject, s.body) AS body,
    CASE WHEN nobody.subject IS NULL THEN s.why ELSE 'who was named here is no official, as an editor found' END AS why,
    s.speaker AS machine_speaker, s.official_id AS machine_official_id, s.role AS machine_role,
    s.body AS machine_body, link.who AS linked_by,
    a.outlet, a.url, a.title, a.byline, a.published, a.first_seen, a.sha256, a.archive, a.copy_of, a.paywalled,
    a.rights, a.text AS article_text
FROM query_table(base) s
JOIN w.articles a ON a.id = s.article_id
LEFT JOIN link ON link.subject = s.id
LEFT JOIN rejected nobody ON nobody.subject = s.official_id -- no official, as a person has found
WHERE s.role IS DISTINCT FROM 'non_official'
    AND (getvariable('known') IS NULL OR a.published IS NULL OR a.published::DATE <= getvariable('known')::DATE);

CREATE MACRO statements_seen(base) AS TABLE
SELECT s.* EXCLUDE (machine_official_id, machine_role, machine_body), o.region, o.grp, held.area
FROM statements_said(base) s
LEFT JOIN w.outlets o ON o.name = s.outlet
LEFT JOIN held ON held.official_id = s.official_id AND held.role = s.role AND held.body = s.body;

-- Statements as a run left them, whatever people decide: what is indexed. Those of non-officials are not shown.
CREATE VIEW machine_statement AS
SELECT s.id, s.article_id, s.seq, s.words, s.speaker, s.official_id, s.role, s.body, held.area, o.region, a.outlet,
    a.published, a.first_seen::DATE AS added, c.type AS commitment
FROM w.statements s
JOIN w.articles a ON a.id = s.article_id
LEFT JOIN w.outlets o ON o.name = a.outlet
LEFT JOIN held ON held.official_id = s.official_id AND held.role = s.role AND held.body = s.body
LEFT JOIN w.commitments c ON c.statement_id = s.id
WHERE s.role IS DISTINCT FROM 'non_official';

CREATE VIEW asked_key AS SELECT unnest(getvariable('asked')::VARCHAR[]) AS id;
CREATE VIEW asked_stored AS -- no more than there are keys: the limit keeps conditions of the macro from having all read
SELECT s.* FROM asked_key JOIN w.statements s ON s.id = asked_key.id LIMIT len(getvariable('asked')::VARCHAR[]);
CREATE VIEW asked_withheld AS SELECT h.* FROM asked_key JOIN w.withheld h ON h.statement_id = asked_key.id;
CREATE VIEW kept_statement AS FROM statements_given('asked_stored', 'asked_withheld');
CREATE VIEW statement_view AS FROM statements_seen('given_statement');
CREATE VIEW asked_statement AS FROM statements_seen('kept_statement');
CREATE VIEW newcomers_statement AS -- of officials whom only an article calls so
SELECT s.* FROM given_statement s
WHERE s.official_id IN (SELECT id FROM w.officials WHERE provisional) OR s.id IN (SELECT subject FROM link);
CREATE VIEW newcomers_words AS FROM statements_said('newcomers_statement');
CREATE VIEW asked_words AS FROM statements_said('kept_statement'); -- without regions and areas

-- Read from `commitment_said` (summary.sql): the same as joining statement_view, without reading all statements.
-- `asked_commitment` shows those of the pledges whose ids are in the variable `asked`.
CREATE MACRO commitments_seen(base) AS TABLE
SELECT c.*, pc.pledge_id, pc.position, pc.changed,
    s.article_id, s.kind, s.content, s.words, s.source_name,
    as_decided(link.subject, link.speaker, nobody.subject, s.speaker) AS speaker,
    as_decided(link.subject, link.official_id, nobody.subject, s.official_id) AS official_id,
    as_decided(link.subject, link.role, nobody.subject, s.role) AS role,
    as_decided(link.subject, link.body, nobody.subject, s.body) AS body,
    s.confidence AS speaker_confidence,
    CASE WHEN nobody.subject IS NULL THEN s.why ELSE 'who was named here is no official, as an editor found' END
        AS speaker_why, s.outlet, s.url, s.title AS headline,
    s.published, s.first_seen, s.region, s.area, rejected.subject IS NOT NULL AS is_rejected,
    confirmed.who AS confirmed_by
FROM query_table(base) c
JOIN w.commitment_said s ON s.commitment_id = c.id
LEFT JOIN link ON link.subject = c.statement_id
LEFT JOIN rejected nobody ON nobody.subject = s.official_id
LEFT JOIN place_view pc ON pc.commitment_id = c.id
LEFT JOIN rejected ON rejected.subject = c.id
LEFT JOIN confirmed ON confirmed.subject = c.id
WHERE getvariable('known') IS NULL OR s.published IS NULL OR s.published::DATE <= getvariable('known')::DATE;

CREATE VIEW kept_commitment AS
SELECT c.* FROM asked_key JOIN place_view pc ON pc.pledge_id = asked_key.id
JOIN given_commitment c ON c.id = pc.commitment_id;
CREATE VIEW commitment_view AS FROM commitments_seen('given_commitment');
CREATE VIEW asked_commitment AS FROM commitments_seen('kept_commitment');

-- How pledges stood on the day `known`, where it is set: everything is then seen by what was known on that day.
CREATE TABLE known_standing AS
SELECT * FROM w.standings
WHERE getvariable('known') IS NOT NULL AND day <= getvariable('known')::DATE
QUALIFY row_number() OVER (PARTITION BY pledge_id ORDER BY day DESC) = 1;

-- Pledges that a person has parted from another: they wait for the next run's rules.
CREATE MACRO parted_of(base) AS TABLE
SELECT c.id, coalesce(c.speaker, c.body, 'unresolved') AS owner, c.official_id AS owner_id, c.body, c.action AS title,
    c.deadline_last AS deadline, 'not_yet_rated' AS suggested, []::VARCHAR[] AS flags,
    'parted from another pledge by a person; the rules look at it with the next run' AS why, c.run_id
FROM query_table(base) c
WHERE c.pledge_id = c.id AND c.id IN (SELECT commitment_id FROM regrouped) AND c.id NOT IN (SELECT id FROM w.pledges);
CREATE VIEW parted_now AS FROM parted_of('commitment_view');
CREATE VIEW parted_asked AS FROM parted_of('asked_commitment');
CREATE TABLE parted AS FROM parted_now;

CREATE MACRO evidence_seen(base) AS TABLE
SELECT e.* REPLACE (coalesce(gone.into_id, e.pledge_id) AS pledge_id),
    a.outlet, a.url, a.title AS headline, a.published, coalesce(a.copy_of, a.id) AS original
FROM query_table(base) e JOIN w.articles a ON a.id = e.article_id LEFT JOIN gone ON gone.pledge_id = e.pledge_id
WHERE e.id NOT IN (SELECT subject FROM rejected)
    AND (getvariable('known') IS NULL OR e.day IS NULL OR e.day <= getvariable('known')::DATE);
CREATE VIEW kept_evidence AS
SELECT e.* FROM given_evidence e WHERE e.pledge_id IN (
    FROM asked_key UNION SELECT pledge_id FROM gone WHERE into_id IN (FROM asked_key));
CREATE VIEW evidence_view AS FROM evidence_seen('given_evidence');
CREATE VIEW asked_evidence AS FROM evidence_seen('kept_evidence');

-- The pledges of which people rejected, named, merged or split something are summed up anew, and as known on a
-- date all are; of all others what publishing summed up holds (summary.sql). Tables for the same reason as `link`.
CREATE VIEW touched_now AS
SELECT pc.pledge_id FROM w.pledge_commitments pc JOIN w.commitment_said s ON s.commitment_id = pc.commitment_id
JOIN w.commitments c ON c.id = pc.commitment_id
WHERE c.id IN (FROM rejected) OR s.official_id IN (FROM rejected) OR c.statement_id IN (SELECT subject FROM link)
    OR c.id IN (SELECT commitment_id FROM regrouped)
UNION SELECT pledge_id FROM w.evidence WHERE id IN (FROM rejected)
UNION SELECT pledge_id FROM regrouped UNION SELECT pledge_id FROM gone UNION SELECT into_id FROM gone
UNION SELECT id FROM w.pledges WHERE getvariable('known') IS NOT NULL;
CREATE TABLE touched AS FROM touched_now;

-- The pledges of which people changed something that no run has taken in yet. What a rejected statement or report
-- said counts no longer from that moment on, so the machine's suggestion, which rested on it, is not shown.
CREATE TABLE taken_in AS SELECT coalesce(max(value::BIGINT), 0) AS n FROM w.meta WHERE key = 'decided';
CREATE VIEW unsettled_now AS
WITH cause AS (
    SELECT pc.pledge_id, r.n, true AS rejects FROM rejection r JOIN place_view pc ON pc.commitment_id = r.subject
    UNION ALL
    SELECT coalesce(gone.into_id, e.pledge_id), r.n, true FROM rejection r JOIN w.evidence e ON e.id = r.subject
    LEFT JOIN gone ON gone.pledge_id = e.pledge_id
    UNION ALL
    SELECT pc.pledge_id, r.n, false FROM rejection r JOIN w.commitment_said s ON s.official_id = r.subject
    JOIN place_view pc ON pc.commitment_id = s.commitment_id
    UNION ALL
    SELECT pc.pledge_id, link.n, false FROM link JOIN w.commitment_said s ON s.statement_id = link.subject
    JOIN place_view pc ON pc.commitment_id = s.commitment_id
    UNION ALL
    SELECT pc.pledge_id, d.n, false FROM (
        SELECT n, unnest([subject, value ->> 'with']) AS named FROM decision WHERE kind IN ('merge', 'split')) d
    JOIN place_view pc ON pc.commitment_id = d.named)
SELECT pledge_id, bool_or(rejects) AS rejects FROM cause JOIN taken_in ON cause.n > taken_in.n
WHERE pledge_id IS NOT NULL GROUP BY pledge_id;
CREATE VIEW unsettled_asked AS FROM unsettled_now WHERE pledge_id IN (FROM asked_key);
CREATE TABLE unsettled AS FROM unsettled_now;

CREATE MACRO again_of(base) AS TABLE -- whose these are and by when, as nlp/pledges/summary.py reckons it of what is left
SELECT pledge_id, mode(body ORDER BY body) AS body,
    CASE WHEN count(DISTINCT speaker) = 1 OR count(body) = 0
        THEN coalesce(arg_min(speaker, position), arg_min(body, position), 'unresolved')
        ELSE mode(body ORDER BY body) END AS owner,
    CASE WHEN count(DISTINCT speaker) = 1 OR count(body) = 0 THEN arg_min(official_id, position) END AS owner_id,
    list(action ORDER BY position) AS actions, list(deadline_last) AS deadlines
FROM query_table(base) WHERE NOT is_rejected AND pledge_id IN (SELECT pledge_id FROM unsettled) GROUP BY pledge_id;
CREATE VIEW again_now AS FROM again_of('commitment_view');
CREATE VIEW again_asked AS FROM again_of('asked_commitment');
CREATE TABLE again AS FROM again_now;

CREATE VIEW stored_pledge AS
WITH stood AS (
    SELECT p.* REPLACE (
        CASE WHEN s.day IS NULL THEN p.title ELSE s.title END AS title,
        CASE WHEN s.day IS NULL THEN p.deadline ELSE s.deadline END AS deadline,
        coalesce(s.suggested, p.suggested) AS suggested, coalesce(s.flags, p.flags) AS flags,
        coalesce(s.why, p.why) AS why)
    FROM w.pledges p LEFT JOIN known_standing s ON s.pledge_id = p.id)
SELECT p.* REPLACE (
    CASE WHEN again.pledge_id IS NULL THEN p.owner ELSE again.owner END AS owner,
    CASE WHEN again.pledge_id IS NULL THEN p.owner_id ELSE again.owner_id END AS owner_id,
    CASE WHEN again.pledge_id IS NULL THEN p.body ELSE again.body END AS body,
    CASE WHEN u.rejects AND NOT list_bool_or([starts_with(lower(p.title), lower(action[:20])) FOR action IN again.actions])
        THEN again.actions[1] ELSE p.title END AS title,
    CASE WHEN u.rejects THEN list_max(list_filter(again.deadlines, day -> day <= p.deadline)) ELSE p.deadline END
        AS deadline,
    CASE WHEN u.rejects THEN 'not_yet_rated' ELSE p.suggested END AS suggested,
    CASE WHEN u.rejects THEN [] ELSE p.flags END AS flags,
    CASE WHEN u.rejects THEN 'an editor rejected something that this rested on: the rules look again with the next run'
        WHEN u.pledge_id IS NOT NULL THEN p.why || ' (from before an editor changed what belongs to it: the rules'
            || ' look again with the next run)'
        ELSE p.why END AS why)
FROM stood p LEFT JOIN unsettled u ON u.pledge_id = p.id LEFT JOIN again ON again.pledge_id = p.id
UNION ALL BY NAME FROM parted;

CREATE MACRO stated_of(base) AS TABLE
SELECT pledge_id, min(published) AS first_stated, max(published) AS last_stated,
    min(first_seen)::DATE AS came, count(*) AS restatements, list(DISTINCT outlet ORDER BY outlet) AS outlets,
    arg_min(role, position) AS role, arg_min(region, position) AS region, arg_min(area, position) AS area,
    arg_min(words, position) AS words, arg_min(type, position) AS type,
    arg_min(source_name, position) AS source_name, arg_min(speaker_why, position) AS speaker_why
FROM query_table(base) WHERE NOT is_rejected AND pledge_id IN (FROM touched) GROUP BY pledge_id;
CREATE VIEW stated_now AS FROM stated_of('commitment_view');
CREATE VIEW stated_asked AS FROM stated_of('asked_commitment');
CREATE TABLE stated AS FROM stated_now;

CREATE MACRO shown_of(base) AS TABLE
SELECT pledge_id, count(*) FILTER (stance <> 'restated') AS evidence,
    max(day) FILTER (stance <> 'restated') AS last_evidence,
    count(DISTINCT original) FILTER (NOT by_owner AND stance <> 'restated') AS independent,
    bool_or(stance = 'delivered') AND NOT bool_or(stance = 'delivered' AND NOT by_owner) AS claimed
FROM query_table(base) WHERE pledge_id IN (FROM touched) GROUP BY pledge_id;
CREATE VIEW shown_now AS FROM shown_of('evidence_view');
CREATE VIEW shown_asked AS FROM shown_of('asked_evidence');
CREATE TABLE shown AS FROM shown_now;

-- The pledges that decisions on the ids in `asked` bear on; with the views named _asked these alone are summed up anew.
CREATE VIEW borne_on AS
WITH named AS (
    FROM asked_key
    UNION SELECT s.commitment_id FROM asked_key JOIN w.commitment_said s ON s.statement_id = asked_key.id
    UNION SELECT s.commitment_id FROM asked_key JOIN w.commitment_said s ON s.official_id = asked_key.id)
SELECT place.pledge_id FROM named JOIN place_view place ON place.commitment_id = named.id
UNION SELECT coalesce(gone.into_id, e.pledge_id) FROM asked_key JOIN w.evidence e ON e.id = asked_key.id
LEFT JOIN gone ON gone.pledge_id = e.pledge_id;

-- Pledges as they stand today (the variable `today`; where it is not set, the real day). A pledge is
-- overdue from the day after its deadline until it is delivered or a person closes it; due soon while
-- nothing is known to have come of it, good or bad; claimed only
-- where all evidence of delivery comes from the owner; the other flags are the machine's.
CREATE VIEW pledge_view AS
WITH clock AS (
    SELECT coalesce(getvariable('today')::DATE, current_date) AS today,
        coalesce(getvariable('due_soon_days')::INTEGER, 30) AS soon),
set_by AS (
    -- A pledge's id is its first commitment's: after a merge, what was decided on either stands, the later first.
    SELECT coalesce(place.pledge_id, subject) AS pledge_id, who, taken, why,
        value ->> 'status' AS status, value ->> 'reason' AS reason
    FROM decision LEFT JOIN place_view place ON place.commitment_id = subject
    WHERE kind = 'set_status'
    QUALIFY row_number() OVER (PARTITION BY coalesce(place.pledge_id, subject) ORDER BY n DESC) = 1),
said AS (
    FROM w.pledge_stated WHERE pledge_id NOT IN (FROM touched) UNION ALL BY NAME FROM stated),
reported AS (
    FROM w.pledge_shown WHERE pledge_id NOT IN (FROM touched) UNION ALL BY NAME FROM shown),
moved AS (
    SELECT pledge_id, max(as_of) AS suggested_on, max(noted) AS suggested_noted FROM w.suggestions
    WHERE was <> '' AND was <> suggested GROUP BY pledge_id),
joined AS (
    SELECT p.* EXCLUDE (flags) REPLACE (coalesce(h.given, p.title) AS title), coalesce(set_by.status, p.suggested) AS status, set_by.status AS set_status,
        set_by.who AS set_by, set_by.taken AS set_at, set_by.why AS set_why, set_by.reason AS set_reason,
        said.* EXCLUDE (pledge_id), coalesce(reported.evidence, 0) AS evidence,
        coalesce(reported.independent, 0) AS independent, reported.last_evidence, reported.claimed,
        moved.suggested_on, moved.suggested_noted, greatest(moved.suggested_on, set_by.taken::DATE) AS changed_on, p.flags AS machine_flags,
        coalesce(set_by.status, p.suggested) IN ('delivered', 'delivered_late')
            OR coalesce(set_by.status IN ('partly_delivered', 'not_delivered'), false) AS closed,
        coalesce(set_by.status, p.suggested) IN ('not_yet_rated', 'in_progress', 'stalled', 'unclear') AS awaited,
        clock.today, clock.soon
    FROM stored_pledge p
    JOIN said ON said.pledge_id = p.id
    LEFT JOIN reported ON reported.pledge_id = p.id
    LEFT JOIN moved ON moved.pledge_id = p.id
    LEFT JOIN set_by ON set_by.pledge_id = p.id
    LEFT JOIN w.withheld_title h ON h.pledge_id = p.id AND h.title = p.title
    CROSS JOIN clock)
SELECT * EXCLUDE (today, soon, claimed, machine_flags),
    list_concat(
        CASE WHEN NOT closed AND deadline < today THEN ['overdue'] ELSE []::VARCHAR[] END,
        CASE WHEN awaited AND deadline BETWEEN today AND today + soon THEN ['due_soon'] ELSE []::VARCHAR[] END,
        CASE WHEN claimed THEN ['claimed_only'] ELSE []::VARCHAR[] END,
        list_filter(machine_flags, flag -> flag NOT IN ('overdue', 'due_soon', 'claimed_only'))) AS flags
FROM joined;
