-- What the search index holds of each article, as one value: where it differs from the index's, the
-- article's statements are indexed anew. Statements of non-officials are not shown and not indexed.
SELECT article_id, md5(string_agg(line, '|' ORDER BY seq, id)) AS print
FROM (
    SELECT s.article_id, s.seq, s.id,
        concat_ws('~', s.id, s.machine_speaker, s.role, s.body, s.area, s.outlet, s.published, s.first_seen,
            c.type) AS line
    FROM statement_view s LEFT JOIN w.commitments c ON c.statement_id = s.id)
GROUP BY article_id;
