-- What readers see: the published file (attached as w) seen through people's decisions.
-- decided.sql comes before this: `decision`, and what people decided of speakers, undertakings and evidence. The tables
-- here and there are filled by ledger/decisions/published.py.

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
    CASE WHEN h.commitment_id IS NULL THEN c.clause ELSE h.clause END AS clause,
    CASE WHEN h.commitment_id IS NULL THEN c.why ELSE h.why END AS why)
FROM w.commitments c LEFT JOIN w.withheld_commitment h ON h.commitment_id = c.id;
-- Commitments in their pledges, with what people have merged and split since the run (ledger/decisions/reader_merges.py)
-- and what they changed, which is told anew with their pledges.
CREATE TABLE again_place (commitment_id VARCHAR, pledge_id VARCHAR, position INTEGER, changed VARCHAR);
CREATE MACRO places_of(base) AS TABLE
SELECT pc.commitment_id, coalesce(r.pledge_id, pc.pledge_id) AS pledge_id, coalesce(g.position, pc.position) AS position,
    coalesce(g.changed, h.changed, pc.changed) AS changed
FROM query_table(base) pc LEFT JOIN regrouped r ON r.commitment_id = pc.commitment_id
LEFT JOIN again_place g ON g.commitment_id = pc.commitment_id
LEFT JOIN w.withheld_change h ON h.commitment_id = pc.commitment_id;
CREATE VIEW place_view AS FROM places_of('w.pledge_commitments');
-- `kept_place`: those of the pledges whose ids are in the variable `asked`. Here and below a limit that none reaches has
-- these alone be looked up, by their keys: without it conditions from outside have DuckDB read all.
CREATE VIEW asked_place AS
WITH mine AS (
    SELECT pc.commitment_id FROM asked_key JOIN w.pledge_commitments pc ON pc.pledge_id = asked_key.id
    UNION SELECT r.commitment_id FROM asked_key JOIN regrouped r ON r.pledge_id = asked_key.id)
SELECT pc.* FROM mine JOIN w.pledge_commitments pc ON pc.commitment_id = mine.commitment_id LIMIT 1000000000;
CREATE VIEW kept_place AS SELECT place.* FROM asked_key JOIN places_of('asked_place') place ON place.pledge_id = asked_key.id;

CREATE VIEW led_to AS -- the pledge of a commitment, and the one that goes on with what was known by the id of one that is none now
FROM (SELECT commitment_id, pledge_id FROM place_view) UNION ALL
SELECT coalesce(later.now, f.id), any_value(place.pledge_id)
FROM w.former f LEFT JOIN w.succeeded later ON later.was = f.id
JOIN place_view place ON place.commitment_id = f.heir
WHERE coalesce(later.now, f.id) NOT IN (SELECT commitment_id FROM w.pledge_commitments) GROUP BY 1;

-- Statements of officials and of speakers nobody has resolved yet; those of non-officials are not shown.
-- `statement_view` shows them all; `asked_statement` those whose ids are in the variable `asked`: both the same way,
-- but the second is read by the keys alone, whatever else is stored.
CREATE MACRO statements_said(base) AS TABLE
SELECT s.* EXCLUDE (is_decided), a.outlet, a.url, a.title, a.byline, a.published, a.first_seen, a.sha256, a.archive,
    a.copy_of, a.paywalled, a.rights, a.text AS article_text, a.pages
FROM decided_of(base) s JOIN w.articles a ON a.id = s.article_id
WHERE getvariable('known') IS NULL OR a.published IS NULL OR a.published::DATE <= getvariable('known')::DATE;

CREATE MACRO statements_seen(base) AS TABLE
SELECT s.*, o.region, o.grp, held.area
FROM statements_said(base) s
LEFT JOIN w.outlets o ON o.name = s.outlet
LEFT JOIN held ON held.official_id = s.official_id AND held.role = s.role AND held.body = s.body;

-- Statements as a run left them, whatever people decide: what is indexed. Those of non-officials are not shown.
CREATE VIEW machine_statement AS
SELECT s.id, s.article_id, s.seq, s.words, s.speaker, s.official_id, s.role, s.body, held.area, o.region, a.outlet,
    a.published, a.first_seen::DATE AS added,
    s.id IN (SELECT statement_id FROM w.commitments WHERE NOT minor) AS commitment, made.titles
FROM w.statements s
JOIN w.articles a ON a.id = s.article_id
LEFT JOIN (
    SELECT c.statement_id, list(DISTINCT p.title ORDER BY p.title) AS titles
    FROM w.commitments c JOIN w.pledge_commitments pc ON pc.commitment_id = c.id JOIN w.pledges p ON p.id = pc.pledge_id
    GROUP BY 1) made ON made.statement_id = s.id
LEFT JOIN w.outlets o ON o.name = a.outlet
LEFT JOIN held ON held.official_id = s.official_id AND held.role = s.role AND held.body = s.body
WHERE s.role IS DISTINCT FROM 'non_official';

CREATE VIEW asked_stored AS -- no more than there are keys: the limit keeps conditions of the macro from having all read
SELECT s.* FROM asked_key JOIN w.statements s ON s.id = asked_key.id LIMIT len(getvariable('asked')::VARCHAR[]);
CREATE VIEW asked_withheld AS SELECT h.* FROM asked_key JOIN w.withheld h ON h.statement_id = asked_key.id;
CREATE VIEW kept_statement AS FROM statements_given('asked_stored', 'asked_withheld');
CREATE VIEW statement_view AS FROM statements_seen('given_statement');
CREATE VIEW asked_statement AS FROM statements_seen('kept_statement');
CREATE VIEW asked_words AS FROM statements_said('kept_statement'); -- without regions and areas
CREATE VIEW newcomers_statement AS -- of officials whom only an article calls so
SELECT s.* FROM given_statement s
WHERE s.official_id IN (SELECT id FROM w.officials WHERE provisional) OR s.id IN (SELECT subject FROM link);
CREATE VIEW newcomers_words AS FROM statements_said('newcomers_statement');

-- Read from `commitment_said` (summary.sql): the same as joining statement_view, without reading all statements.
-- `asked_commitment` shows those of the pledges whose ids are in the variable `asked`.
CREATE VIEW member_said AS SELECT *, statement_id AS id FROM w.commitment_said;
CREATE VIEW kept_said AS
SELECT s.*, s.statement_id AS id FROM kept_place pc
JOIN w.commitment_said s ON s.commitment_id = pc.commitment_id LIMIT 1000000000;
CREATE MACRO commitments_seen(base, said, places) AS TABLE
SELECT c.*, pc.pledge_id, pc.position, pc.changed,
    s.article_id, s.kind, s.content, s.words, s.source_name, s.speaker, s.official_id, s.role, s.body,
    s.confidence AS speaker_confidence, s.why AS speaker_why, s.outlet, s.url, s.title AS headline,
    s.published, s.first_seen, s.region, s.area, c.id IN (FROM rejected) AS is_rejected, confirmed.who AS confirmed_by
FROM query_table(base) c
JOIN decided_of(said) s ON s.commitment_id = c.id
LEFT JOIN query_table(places) pc ON pc.commitment_id = c.id
LEFT JOIN confirmed ON confirmed.subject = c.id
WHERE getvariable('known') IS NULL OR s.published IS NULL OR s.published::DATE <= getvariable('known')::DATE;

CREATE VIEW kept_commitment AS
SELECT c.* FROM kept_place pc JOIN given_commitment c ON c.id = pc.commitment_id LIMIT 1000000000;
CREATE VIEW commitment_view AS FROM commitments_seen('given_commitment', 'member_said', 'place_view');
CREATE VIEW asked_commitment AS FROM commitments_seen('kept_commitment', 'kept_said', 'kept_place');

CREATE VIEW minor_commitment AS -- of statements that are shown; in no pledge, list or other number
SELECT c.id FROM w.commitments c JOIN w.statements s ON s.id = c.statement_id
WHERE s.role IS DISTINCT FROM 'non_official' AND CASE WHEN c.id IN (FROM rejected)
    THEN c.id IN (SELECT subject FROM decision WHERE kind = 'reject' AND (value ->> 'as') = 'minor') ELSE c.minor END;

-- Evidence on the pledges as they are now, without what people overruled and with what they took. `content`: the span,
-- none where the words are not given.
CREATE VIEW judged_place AS
SELECT pc.* FROM (SELECT DISTINCT pledge FROM judged_passage) j
JOIN w.pledge_commitments pc ON pc.commitment_id = j.pledge LIMIT 1000000000;
CREATE VIEW judged_now_in AS FROM places_of('judged_place');
CREATE VIEW judged AS FROM judged_of('judged_now_in');
CREATE MACRO evidence_given(base) AS TABLE
SELECT e.* REPLACE (
    coalesce(gone.into_id, e.pledge_id) AS pledge_id,
    CASE WHEN h.evidence_id IS NULL THEN e.words ELSE '' END AS words,
    CASE WHEN h.evidence_id IS NULL THEN e.why ELSE h.why END AS why),
    CASE WHEN h.evidence_id IS NULL THEN [[e.first, e.last]] ELSE [] END AS content
FROM query_table(base) e LEFT JOIN w.withheld_evidence h ON h.evidence_id = e.id
LEFT JOIN gone ON gone.pledge_id = e.pledge_id
ANTI JOIN judged j ON j.article_id = e.article_id AND j.pledge_id = coalesce(gone.into_id, e.pledge_id)
    AND overrules(j.kind, j.first, j.last, e.first, e.last)
UNION ALL BY NAME
SELECT j.subject AS id, j.pledge_id, j.article_id, j.first, j.last, CASE WHEN given THEN j.words ELSE '' END AS words,
    j.stance, a.published::DATE AS day, j.by_owner, j.source, 1.0 AS confidence, 'taken by ' || j.who AS why,
    CASE WHEN given THEN [[j.first, j.last]] ELSE [] END AS content
FROM (
    SELECT j.*, r.article_id IS NULL OR w.lies_in(r.quoted, j.first, j.last) AS given
    FROM judged j LEFT JOIN w.reserved_article r ON r.article_id = j.article_id WHERE j.kind = 'take') j
JOIN w.articles a ON a.id = j.article_id;
CREATE VIEW given_evidence AS FROM evidence_given('w.evidence');
CREATE VIEW asked_now AS -- the pledges whose ids are in `asked`, with those that went up in them
SELECT id AS pledge_id FROM asked_key UNION SELECT pledge_id FROM gone WHERE into_id IN (FROM asked_key);
CREATE VIEW kept_evidence AS SELECT e.* FROM asked_now k JOIN w.evidence e ON e.pledge_id = k.pledge_id;
CREATE VIEW named_evidence AS SELECT e.* FROM asked_key JOIN w.evidence e ON e.id = asked_key.id; -- by its own id
CREATE VIEW asked_evidence AS -- of the pledges whose ids are in `asked`
SELECT e.* FROM evidence_given('kept_evidence') e JOIN asked_key ON asked_key.id = e.pledge_id;
CREATE VIEW evidence_view AS
SELECT e.*, a.outlet, a.url, a.title AS headline, a.published, coalesce(a.copy_of, a.id) AS original
FROM given_evidence e JOIN w.articles a ON a.id = e.article_id
WHERE e.id NOT IN (FROM rejected)
    AND (getvariable('known') IS NULL OR e.day IS NULL OR e.day <= getvariable('known')::DATE);

-- What is worth a look: of each pledge the likeliest that nobody has judged. `named`: the pledge's id when it was found.
CREATE MACRO leads_given(base) AS TABLE
SELECT l.* REPLACE (
    coalesce(gone.into_id, l.pledge_id) AS pledge_id,
    CASE WHEN h.lead_id IS NULL THEN l.words ELSE '' END AS words,
    CASE WHEN h.lead_id IS NULL THEN l.why ELSE h.why END AS why),
    l.pledge_id AS named, CASE WHEN h.lead_id IS NULL THEN [[l.first, l.last]] ELSE [] END AS content,
    a.outlet, a.url, a.title AS headline, a.published, a.first_seen
FROM query_table(base) l JOIN w.articles a ON a.id = l.article_id
LEFT JOIN gone ON gone.pledge_id = l.pledge_id
LEFT JOIN w.withheld_lead h ON h.lead_id = l.id
ANTI JOIN judged j ON j.article_id = l.article_id AND j.pledge_id = coalesce(gone.into_id, l.pledge_id)
    AND j.first <= l.first AND l.last <= j.last
WHERE getvariable('known') IS NULL OR l.day IS NULL OR l.day <= getvariable('known')::DATE
QUALIFY row_number() OVER (
    PARTITION BY coalesce(gone.into_id, l.pledge_id) ORDER BY l.likely DESC, l.day NULLS LAST, l.id) <= 20;
CREATE VIEW lead_view AS FROM leads_given('w.leads');
CREATE VIEW kept_lead AS SELECT l.* FROM asked_now k JOIN w.leads l ON l.pledge_id = k.pledge_id;
CREATE VIEW asked_lead AS FROM leads_given('kept_lead'); -- of the pledges whose ids are in `asked`
CREATE VIEW beside_statement AS -- all that was said in their articles
SELECT s.* FROM given_statement s WHERE s.article_id IN (SELECT article_id FROM kept_lead);
CREATE VIEW beside_words AS FROM statements_said('beside_statement');

-- Pledges as the rules reckon them (ledger/pledges): as the run left them, and `again` those on which people have decided
-- something since (`touched`). As known on a date there are only those that a reader asked for.
CREATE TABLE touched (pledge_id VARCHAR);
CREATE TABLE again AS FROM w.pledges LIMIT 0;
CREATE VIEW stored_pledge AS
FROM w.pledges WHERE getvariable('known') IS NULL AND id NOT IN (FROM touched) UNION ALL BY NAME FROM again;

-- The pledges that decisions on the ids in `asked` bear on.
CREATE VIEW borne_on AS
WITH named AS (
    FROM asked_key
    UNION SELECT s.commitment_id FROM asked_key JOIN w.commitment_said s ON s.statement_id = asked_key.id
    UNION SELECT s.commitment_id FROM asked_key JOIN w.commitment_said s ON s.official_id = asked_key.id
    UNION SELECT substring(id, length('passages:') + 1) FROM asked_key WHERE starts_with(id, 'passages:'))
SELECT place.pledge_id FROM named JOIN place_view place ON place.commitment_id = named.id
UNION SELECT coalesce(gone.into_id, e.pledge_id) FROM asked_key JOIN w.evidence e ON e.id = asked_key.id
LEFT JOIN gone ON gone.pledge_id = e.pledge_id;

-- What the rules suggested, each with what it took the place of: as runs noted it, and what differs from the last of
-- those by what people decided since, as a run on the reader's day would note it.
CREATE VIEW suggestion AS
FROM w.suggestions WHERE getvariable('known') IS NULL OR as_of <= getvariable('known')::DATE
UNION ALL BY NAME
SELECT p.id AS pledge_id, p.suggested, arg_max(g.suggested, g.noted) AS was, p.why, getvariable('today')::DATE AS as_of,
    now() AS noted
FROM again p JOIN w.suggestions g ON g.pledge_id = p.id WHERE getvariable('known') IS NULL
GROUP BY ALL HAVING was <> p.suggested;

-- Pledges as readers see them, on the day in the variable `today`: with the status
-- that a person set, where one did, and those of the flags that hold on that day and with that status.
-- The vocabulary's statuses; one no longer there has none of this: no flag of an open one, counted neither way.
CREATE TABLE status_kind (status VARCHAR, by_person BOOLEAN, closed BOOLEAN, awaited BOOLEAN, outcome VARCHAR);
CREATE VIEW of_pledge AS -- a pledge's id is its first commitment's: after a merge, what was decided on either is its own
SELECT n, kind, coalesce(place.pledge_id, subject) AS pledge_id, who, taken, why, value
FROM decision LEFT JOIN led_to place ON place.commitment_id = subject
WHERE kind IN ('set_status', 'verdict', 'set_title', 'headline');
CREATE VIEW set_status AS
SELECT n, pledge_id, who, taken, why, value ->> 'status' AS status, value ->> 'reason' AS reason
FROM of_pledge WHERE kind = 'set_status';
CREATE VIEW given_verdict AS -- an editor's paragraph on a pledge; the last one stands
SELECT n, pledge_id, who, taken, value ->> 'text' AS text FROM of_pledge WHERE kind = 'verdict'
QUALIFY row_number() OVER (PARTITION BY pledge_id ORDER BY n DESC) = 1;
CREATE VIEW pledge_view AS
WITH last_of AS MATERIALIZED ( -- of each kind the last
    FROM of_pledge QUALIFY row_number() OVER (PARTITION BY pledge_id, kind ORDER BY n DESC) = 1),
set_by AS (SELECT *, value ->> 'status' AS status, value ->> 'reason' AS reason FROM last_of WHERE kind = 'set_status'),
given AS (SELECT *, value ->> 'text' AS text FROM last_of WHERE kind = 'verdict'),
titled AS (SELECT *, value ->> 'title' AS title FROM last_of WHERE kind = 'set_title'), -- the machine's beside it
headline AS ( -- among those that an editor says weigh most
    SELECT *, TRY_CAST(value ->> 'headline' AS BOOLEAN) AS is_headline FROM last_of WHERE kind = 'headline'),
moved AS (
    SELECT pledge_id, max(as_of) AS suggested_on, max(noted) AS suggested_noted FROM suggestion
    WHERE was <> '' AND was <> suggested GROUP BY pledge_id),
joined AS (
    SELECT p.* EXCLUDE (first, run_id) REPLACE (coalesce(p.titled, p.first) AS titled, coalesce(titled.title, h.action, p.title) AS title),
        coalesce(h.action, p.title) AS machine_title, titled.who AS titled_by,
        coalesce(set_by.status, p.suggested) AS status, set_by.status AS set_status,
        set_by.who AS set_by, set_by.taken AS set_at, set_by.why AS set_why, set_by.reason AS set_reason,
        given.text AS verdict, given.who AS verdict_by, given.taken AS verdict_at,
        said.words, said.published AS said_on, said.type, said.region, said.source_name, said.why AS speaker_why,
        moved.suggested_on, moved.suggested_noted, greatest(moved.suggested_on, set_by.taken::DATE) AS changed_on,
        coalesce(headline.is_headline, false) AS headline,
        k.closed, k.awaited, k.outcome, getvariable('today')::DATE AS today,
        getvariable('due_soon_days')::INTEGER AS soon
    FROM stored_pledge p
    JOIN decided_of('member_said') said ON said.commitment_id = coalesce(p.titled, p.first)
    LEFT JOIN moved ON moved.pledge_id = p.id
    LEFT JOIN set_by ON set_by.pledge_id = p.id
    LEFT JOIN given ON given.pledge_id = p.id
    LEFT JOIN titled ON titled.pledge_id = p.id
    LEFT JOIN headline ON headline.pledge_id = p.id
    LEFT JOIN w.withheld_commitment h ON h.commitment_id = p.titled AND h.action <> h.hidden
    LEFT JOIN status_kind k ON k.status = coalesce(set_by.status, p.suggested) AND k.by_person = (set_by.status IS NOT NULL))
SELECT * EXCLUDE (today, soon, marks),
    list_transform(list_filter(marks, mark -> coalesce(mark.first, mark.last - soon, today) <= today
        AND coalesce(mark.last, today) >= today
        AND CASE mark.only WHEN 'open' THEN NOT closed WHEN 'awaited' THEN awaited ELSE true END),
        mark -> mark.flag) AS flags
FROM joined;
