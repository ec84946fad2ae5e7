-- The commitments that new places are looked for among (flows/pipeline/pledge_writing.py): the given ones, and all of
-- every pledge that shares a block with one.
-- `incoming`: who speaks (as `voice` has them) with each block that they belong to. What nobody is known to have said may be
-- anybody's who speaks in its article. $given: ids of commitments.
WITH named AS MATERIALIZED (
    SELECT v.*, i.block FROM voice v JOIN incoming i USING (official_id, speaker, body, role)),
bare AS (SELECT DISTINCT id, article_id FROM voice WHERE speaker = '' AND body = ''),
blocks AS (
    SELECT id, block FROM named
    UNION ALL SELECT bare.id, named.block FROM bare JOIN named USING (article_id) WHERE speaker <> '' OR body <> ''
    UNION ALL SELECT id, id FROM bare),
its AS MATERIALIZED (
    SELECT DISTINCT c.id, b.block FROM commitments c JOIN blocks b ON b.id = c.statement_id WHERE NOT c.minor),
place AS MATERIALIZED (
    SELECT commitment_id AS id, pledge_id AS pledge FROM pledge_commitments
    UNION SELECT commitment_id, by_machine FROM pledge_commitments WHERE by_machine IS NOT NULL),
shared AS MATERIALIZED (SELECT DISTINCT block FROM its WHERE id IN (SELECT unnest($given))),
near AS MATERIALIZED (SELECT DISTINCT pledge FROM place JOIN its USING (id) WHERE block IN (FROM shared))
SELECT id FROM place WHERE pledge IN (FROM near)
UNION SELECT c.id FROM commitments c JOIN statements s ON s.id = c.statement_id
    WHERE NOT c.minor AND c.id IN (SELECT unnest($given))
ORDER BY id
