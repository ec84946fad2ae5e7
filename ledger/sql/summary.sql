-- What a run leaves beside its tables for readers, made anew at each publishing: only the machine's side,
-- so that it holds whatever people decide. Days are days in London.
-- For each commitment of a statement that is shown: that statement and its article, as commitment_view gives them.
CREATE OR REPLACE TABLE commitment_said AS
SELECT c.id AS commitment_id, s.id AS statement_id, c.type, s.article_id, s.kind, s.content, s.words, s.source_name, s.speaker, s.official_id,
    s.role, s.body, s.confidence, s.why, a.outlet, a.url, a.title, a.published, a.first_seen,
    a.first_seen::DATE AS came, o.region, held.area
FROM commitments c
JOIN statements s ON s.id = c.statement_id
JOIN articles a ON a.id = s.article_id
LEFT JOIN outlets o ON o.name = a.outlet
LEFT JOIN (
    SELECT official_id, role, body, any_value(area ORDER BY first DESC) AS area FROM posts GROUP BY ALL
) held ON held.official_id = s.official_id AND held.role = s.role AND held.body = s.body
WHERE s.role IS DISTINCT FROM 'non_official'
ORDER BY c.id;
CREATE INDEX said_by_commitment ON commitment_said (commitment_id);
CREATE INDEX said_by_statement ON commitment_said (statement_id);

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

-- What stated_now and shown_now of views.sql give for a pledge of which people rejected or changed nothing.
CREATE OR REPLACE TABLE pledge_stated AS
SELECT pc.pledge_id, min(s.published) AS first_stated, max(s.published) AS last_stated,
    min(s.first_seen)::DATE AS came, count(*) AS restatements, list(DISTINCT s.outlet ORDER BY s.outlet) AS outlets,
    arg_min(s.role, position) AS role, arg_min(s.region, position) AS region, arg_min(s.area, position) AS area,
    arg_min(s.words, position) AS words, arg_min(c.type, position) AS type,
    arg_min(s.source_name, position) AS source_name, arg_min(s.why, position) AS speaker_why
FROM commitments c
JOIN commitment_said s ON s.commitment_id = c.id
JOIN pledge_commitments pc ON pc.commitment_id = c.id
WHERE pc.pledge_id IS NOT NULL GROUP BY pc.pledge_id;

CREATE OR REPLACE TABLE pledge_shown AS
SELECT e.pledge_id, count(*) FILTER (stance <> 'restated') AS evidence,
    max(day) FILTER (stance <> 'restated') AS last_evidence,
    count(DISTINCT coalesce(a.copy_of, a.id)) FILTER (NOT by_owner AND stance <> 'restated') AS independent,
    bool_or(stance = 'delivered') AND NOT bool_or(stance = 'delivered' AND NOT by_owner) AS claimed
FROM evidence e JOIN articles a ON a.id = e.article_id GROUP BY e.pledge_id;
