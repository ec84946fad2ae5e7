-- What readers see: the published file (attached as w) seen through people's decisions.
-- `decision` holds the decisions in force (undone rows left out), newest last.
CREATE OR REPLACE TEMP VIEW statement_view AS
SELECT s.* EXCLUDE (speaker, official_id),
    CASE WHEN link.subject IS NULL THEN s.speaker ELSE link.speaker END AS speaker,
    CASE WHEN link.subject IS NULL THEN s.official_id ELSE link.official_id END AS official_id,
    s.speaker AS machine_speaker, link.who AS linked_by,
    a.outlet, a.url, a.title, a.byline, a.published, a.sha256, a.archive, a.copy_of, a.paywalled,
    o.region, o.grp
FROM w.statements s
JOIN w.articles a ON a.id = s.article_id
LEFT JOIN w.outlets o ON o.name = a.outlet
LEFT JOIN (
    SELECT subject, who, value ->> 'speaker' AS speaker, value ->> 'official' AS official_id
    FROM decision WHERE kind = 'link_speaker'
    QUALIFY row_number() OVER (PARTITION BY subject ORDER BY n DESC) = 1
) link ON link.subject = s.id;

CREATE OR REPLACE TEMP VIEW rejected AS
SELECT subject FROM decision WHERE kind IN ('confirm', 'reject')
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY n DESC) = 1 AND kind = 'reject';

CREATE OR REPLACE TEMP VIEW commitment_view AS
SELECT c.*, pc.pledge_id, pc.position, pc.changed,
    s.article_id, s.kind, s.content, s.words, s.source_name, s.speaker, s.official_id, s.role, s.body,
    s.confidence AS speaker_confidence, s.outlet, s.url, s.title AS headline, s.published, s.region,
    c.id IN (SELECT subject FROM rejected) AS is_rejected
FROM w.commitments c
JOIN statement_view s ON s.id = c.statement_id
LEFT JOIN w.pledge_commitments pc ON pc.commitment_id = c.id;

CREATE OR REPLACE TEMP VIEW evidence_view AS
SELECT e.*, a.outlet, a.url, a.title AS headline, a.published, coalesce(a.copy_of, a.id) AS original
FROM w.evidence e JOIN w.articles a ON a.id = e.article_id
WHERE e.id NOT IN (SELECT subject FROM rejected);

CREATE OR REPLACE TEMP VIEW pledge_view AS
WITH set_by AS (
    SELECT subject, who, taken, why, value ->> 'status' AS status, value ->> 'reason' AS reason
    FROM decision WHERE kind = 'set_status'
    QUALIFY row_number() OVER (PARTITION BY subject ORDER BY n DESC) = 1),
stated AS (
    SELECT pledge_id, min(published) AS first_stated, max(published) AS last_stated, count(*) AS restatements,
        count(DISTINCT outlet) AS outlets, any_value(role ORDER BY position) AS role,
        any_value(region ORDER BY position) AS region, any_value(words ORDER BY position) AS words
    FROM commitment_view WHERE NOT is_rejected GROUP BY pledge_id),
shown AS (
    SELECT pledge_id, count(*) AS evidence, max(day) AS last_evidence,
        count(DISTINCT original) FILTER (NOT by_owner) AS independent
    FROM evidence_view GROUP BY pledge_id)
SELECT p.*, coalesce(set_by.status, p.suggested) AS status, set_by.status AS set_status,
    set_by.who AS set_by, set_by.taken AS set_at, set_by.why AS set_why, set_by.reason AS set_reason,
    stated.* EXCLUDE (pledge_id), coalesce(shown.evidence, 0) AS evidence,
    coalesce(shown.independent, 0) AS independent, shown.last_evidence
FROM w.pledges p
JOIN stated ON stated.pledge_id = p.id
LEFT JOIN shown ON shown.pledge_id = p.id
LEFT JOIN set_by ON set_by.subject = p.id;
