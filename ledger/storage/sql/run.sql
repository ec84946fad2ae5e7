-- What a run works with of people's decisions, over decided.sql and before members.sql: all of it temporary.
INSERT INTO checked FROM checked_now;
INSERT INTO link FROM link_now;
INSERT INTO judged_passage FROM judged_now;
CREATE VIEW said AS FROM decided_of('statements');
CREATE VIEW place_view AS FROM pledge_commitments;
CREATE VIEW kept_place AS SELECT place.* FROM asked_key JOIN place_view place ON place.pledge_id = asked_key.id;
CREATE VIEW judged AS FROM judged_of('place_view');
CREATE VIEW member_said AS
SELECT c.id AS commitment_id, s.*, a.outlet, coalesce(a.plain_title, a.title) AS plain_title, a.published, a.first_seen
FROM commitments c JOIN statements s ON s.id = c.statement_id JOIN articles a ON a.id = s.article_id;
CREATE VIEW kept_said AS FROM member_said;

CREATE VIEW voice AS -- who speaks in the statements that hold what is tracked, as the machine found and as people decided;
-- where it is not known of one, in its whole article
WITH told AS (
    SELECT id, article_id, coalesce(official_id, '') AS official_id, coalesce(speaker, '') AS speaker,
        coalesce(body, '') AS body, coalesce(role, '') AS role FROM statements
    UNION ALL SELECT id, article_id, coalesce(official_id, ''), coalesce(speaker, ''), coalesce(body, ''), coalesce(role, '')
    FROM said WHERE is_decided),
mine AS (SELECT * FROM told SEMI JOIN (SELECT statement_id FROM commitments WHERE NOT minor) c ON c.statement_id = told.id)
SELECT * FROM mine UNION SELECT * FROM told WHERE article_id IN (SELECT article_id FROM mine WHERE speaker = '' AND body = '');
