-- What a page of search hits looks up by ids, made ready once for many pages: to plan a query takes as long as to read
-- twenty rows by it. Each asks one big table, by its key: of two joined DuckDB reads the second through. After views.sql.

-- The statements as `statement_view` shows them (a test holds it), without regions, areas, articles and a known day.
PREPARE hit AS
SELECT s.* REPLACE (
    CASE WHEN h.statement_id IS NULL THEN s.words ELSE h.words END AS words,
    CASE WHEN h.statement_id IS NULL THEN s.content ELSE h.content END AS content,
    as_decided(link.subject, link.speaker, nobody.subject, s.speaker) AS speaker,
    as_decided(link.subject, link.official_id, nobody.subject, s.official_id) AS official_id,
    as_decided(link.subject, link.role, nobody.subject, s.role) AS role,
    as_decided(link.subject, link.body, nobody.subject, s.body) AS body,
    CASE WHEN nobody.subject IS NULL THEN s.why ELSE 'who was named here is no official, as an editor found' END AS why)
FROM (
    SELECT s.id, s.article_id, s.kind, s.words, s.content, s.speaker, s.official_id, s.role, s.body, s.source_name, s.why
    FROM (SELECT unnest($1::VARCHAR[]) AS id) asked JOIN w.statements s ON s.id = asked.id LIMIT 1000000000) s
LEFT JOIN w.withheld h ON h.statement_id = s.id
LEFT JOIN link ON link.subject = s.id
LEFT JOIN rejection nobody ON nobody.subject = s.official_id
WHERE s.role IS DISTINCT FROM 'non_official';

-- Their articles.
PREPARE printed AS
SELECT a.id, a.outlet, a.title, a.url, a.published, a.text, a.pages, r.article_id IS NOT NULL AS reserved
FROM (
    SELECT a.id, a.outlet, a.title, a.url, a.published, a.text, a.pages
    FROM (SELECT unnest($1::VARCHAR[]) AS id) asked JOIN w.articles a ON a.id = asked.id LIMIT 1000000000) a
LEFT JOIN w.reserved_article r ON r.article_id = a.id;

-- Their undertakings in the order of their clauses, each with its pledge.
PREPARE undertaken AS
SELECT u.statement_id, u.type, coalesce(r.pledge_id, u.pledge_id, '')
FROM (SELECT unnest($1::VARCHAR[]) AS id) asked JOIN w.undertaking u ON u.statement_id = asked.id
LEFT JOIN regrouped r ON r.commitment_id = u.commitment_id
ANTI JOIN rejection ON rejection.subject = u.commitment_id
ORDER BY u.statement_id, u.nth;
