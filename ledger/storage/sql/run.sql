-- What a run works with of people's decisions, over decided.sql and before members.sql: all of it temporary.
INSERT INTO checked FROM checked_now;
CREATE TABLE link AS FROM link_now;

CREATE VIEW said AS -- statements with the speakers that stand after people's decisions
SELECT s.* REPLACE (
    as_decided(link.subject, link.speaker, nobody.subject, s.speaker) AS speaker,
    as_decided(link.subject, link.official_id, nobody.subject, s.official_id) AS official_id,
    as_decided(link.subject, link.role, nobody.subject, s.role) AS role,
    as_decided(link.subject, link.body, nobody.subject, s.body) AS body)
FROM statements s
LEFT JOIN link ON link.subject = s.id
LEFT JOIN rejected nobody ON nobody.subject = s.official_id;

CREATE VIEW place_view AS FROM pledge_commitments;
CREATE VIEW gone AS SELECT pledge_id, pledge_id AS into_id FROM pledge_commitments LIMIT 0; -- merged pledges are written as one
CREATE VIEW member_said AS
SELECT c.id AS commitment_id, c.statement_id, s.*, a.outlet, a.published, a.first_seen
FROM commitments c JOIN statements s ON s.id = c.statement_id JOIN articles a ON a.id = s.article_id
WHERE s.role IS DISTINCT FROM 'non_official';
