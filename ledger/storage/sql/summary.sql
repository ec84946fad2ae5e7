-- What a run leaves beside its tables for readers, made anew at each publishing: only the machine's side,
-- so that it holds whatever people decide. Days are days in London.

-- What of reserved articles stands in no quotation marks is not passed on (ledger/storage/rights.py, which makes `reserved`
-- and `in_marks`). The tables of this part hold what is given in its place; the views put it there.
CREATE OR REPLACE TABLE withheld AS -- statements: what of them is quoted
SELECT s.id AS statement_id, coalesce(m.content, []) AS content, coalesce(m.words, '') AS words
FROM statements s JOIN reserved r ON r.id = s.article_id LEFT JOIN in_marks m ON m.statement_id = s.id
WHERE s.kind IS DISTINCT FROM 'direct' OR s.id IN (SELECT statement_id FROM unmarked) ORDER BY s.id;
CREATE INDEX withheld_by_statement ON withheld (statement_id);

CREATE OR REPLACE TEMP MACRO given(words, part) AS CASE WHEN contains(lower(words), lower(part)) THEN part ELSE '' END;
CREATE OR REPLACE MACRO unquoted(reason) AS regexp_replace(reason, '“.*”', '“…”', 's');
CREATE OR REPLACE TABLE withheld_commitment AS
SELECT c.id AS commitment_id, c.action AS hidden,
    coalesce(nullif(given(h.words, c.action), ''), 'what was reported under “' || a.title || '”') AS action,
    given(h.words, c.condition) AS condition, given(h.words, c.place) AS place,
    given(h.words, c.measure_text) AS measure_text, given(h.words, c.deadline_text) AS deadline_text,
    given(h.words, c.clause) AS clause,
    unquoted(c.why) AS why
FROM commitments c JOIN withheld h ON h.statement_id = c.statement_id JOIN statements s ON s.id = h.statement_id
JOIN articles a ON a.id = s.article_id ORDER BY c.id;

CREATE OR REPLACE TABLE withheld_change AS -- what differs from the time before, where it quotes what is not given
SELECT pc.commitment_id, unquoted(pc.changed) AS changed FROM pledge_commitments pc
WHERE contains(pc.changed, '“') AND pc.pledge_id IN (
    SELECT o.pledge_id FROM pledge_commitments o JOIN withheld_commitment w ON w.commitment_id = o.commitment_id);

CREATE OR REPLACE TABLE reserved_article AS -- each with the quotations in it that may be given
SELECT r.id AS article_id,
    flatten(list(CASE WHEN h.statement_id IS NULL THEN s.content ELSE h.content END) FILTER (s.id IS NOT NULL)) AS quoted
FROM reserved r LEFT JOIN statements s ON s.article_id = r.id LEFT JOIN withheld h ON h.statement_id = s.id
GROUP BY r.id ORDER BY r.id;
CREATE OR REPLACE MACRO lies_in(quoted, first, last) AS
    len(list_filter(coalesce(quoted, []), q -> q[1] <= first AND last <= q[2])) > 0;

CREATE OR REPLACE TABLE withheld_evidence AS -- what lies in no quotation
SELECT e.id AS evidence_id, unquoted(e.why) AS why FROM evidence e JOIN reserved_article r ON r.article_id = e.article_id
WHERE NOT lies_in(r.quoted, e.first, e.last) ORDER BY e.id;

CREATE OR REPLACE TABLE withheld_lead AS
SELECT l.id AS lead_id, unquoted(l.why) AS why FROM leads l JOIN reserved_article r ON r.article_id = l.article_id
WHERE NOT lies_in(r.quoted, l.first, l.last) ORDER BY l.id;

-- For each commitment of a statement that is shown: that statement and its article, as commitment_view gives them. What
-- is minor is left out here, and so in all that is listed and counted.
CREATE OR REPLACE TABLE commitment_said AS
SELECT c.id AS commitment_id, s.id AS statement_id, c.type, s.article_id, s.seq, s.kind,
    CASE WHEN h.statement_id IS NULL THEN s.content ELSE h.content END AS content,
    CASE WHEN h.statement_id IS NULL THEN s.words ELSE h.words END AS words, s.source_name, s.speaker, s.official_id,
    s.role, s.body, s.confidence, s.why, a.outlet, a.url, a.title, coalesce(a.plain_title, a.title) AS plain_title, a.published, a.first_seen,
    a.first_seen::DATE AS came, o.region, held.area
FROM commitments c
JOIN statements s ON s.id = c.statement_id
JOIN articles a ON a.id = s.article_id
LEFT JOIN withheld h ON h.statement_id = s.id
LEFT JOIN outlets o ON o.name = a.outlet
LEFT JOIN (
    SELECT official_id, role, body, any_value(area ORDER BY first DESC) AS area FROM posts GROUP BY ALL
) held ON held.official_id = s.official_id AND held.role = s.role AND held.body = s.body
WHERE s.role IS DISTINCT FROM 'non_official' AND NOT c.minor
ORDER BY c.id;
CREATE INDEX said_by_commitment ON commitment_said (commitment_id);
CREATE INDEX said_by_statement ON commitment_said (statement_id);
-- Of each such statement its commitments in the order of their clauses, and the pledges that the run put them in.
CREATE OR REPLACE TABLE undertaking AS
SELECT said.statement_id, said.commitment_id, said.type, pc.pledge_id,
    row_number() OVER (PARTITION BY said.statement_id ORDER BY c.span, c.id) AS nth
FROM commitment_said said JOIN commitments c ON c.id = said.commitment_id
LEFT JOIN pledge_commitments pc ON pc.commitment_id = said.commitment_id
ORDER BY said.statement_id;
CREATE INDEX undertaking_by_statement ON undertaking (statement_id);

-- How many statements are shown of each outlet and day of first being seen.
CREATE OR REPLACE TABLE statements_by_day AS
SELECT a.outlet, a.first_seen::DATE AS day, count(*) AS statements
FROM statements s JOIN articles a ON a.id = s.article_id
WHERE s.role IS DISTINCT FROM 'non_official' GROUP BY ALL;

-- How many articles were first seen on a day.
CREATE OR REPLACE TABLE articles_by_day AS
SELECT first_seen::DATE AS day, count(*) AS articles FROM articles GROUP BY ALL;

-- How many statements are shown of each official, as the machine resolved the speakers.
CREATE OR REPLACE TABLE statements_by_official AS
SELECT s.official_id, count(*) AS statements
FROM statements s JOIN articles a ON a.id = s.article_id
WHERE s.role IS DISTINCT FROM 'non_official' AND s.official_id IS NOT NULL GROUP BY ALL;
