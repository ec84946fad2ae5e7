-- What the search index holds of each article, as one value: where it differs from the index's, the
-- article's statements are indexed anew.
SELECT article_id, md5(string_agg(line, '|' ORDER BY seq, id)) AS print
FROM (
    SELECT article_id, seq, id, concat_ws('~', id, speaker, official_id, role, body, area, region, outlet, published,
        added, commitment, titles, searched) AS line
    FROM machine_statement JOIN (SELECT id, searched FROM w.statements) USING (id))
GROUP BY article_id;
