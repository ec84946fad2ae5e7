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
