-- What a run works with of people's decisions, over decided.sql: all of it temporary.
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

CREATE VIEW verdict AS -- by statement whose speaker a person decided, by commitment that a person rejected
SELECT s.id AS item, concat_ws(' ', said.official_id, said.speaker, said.role, said.body) AS version
FROM statements s JOIN said ON said.id = s.id
WHERE s.id IN (SELECT subject FROM link) OR s.official_id IN (FROM rejected)
UNION ALL SELECT id, 'rejected' FROM commitments WHERE id IN (FROM rejected);
