-- The pledges that readers knew by an id under which nothing is found any more, kept at each publishing: by other rules,
-- words that an outlet changed, or people's merges. {published}: the file whose place is about to be taken.
ATTACH '{published}' AS old (READ_ONLY);
INSERT OR REPLACE INTO former BY NAME
SELECT p.id, p.owner, coalesce(any_value(h.action), p.title) AS title,
    arg_min(now.commitment_id, (c.id <> coalesce(p.titled, p.first), place.position, c.id))
        FILTER (now.commitment_id IS NOT NULL) AS heir,
    list(DISTINCT s.article_id) AS articles, now() AS noted
FROM old.pledges p
JOIN old.pledge_commitments place ON place.pledge_id = p.id
JOIN old.commitments c ON c.id = place.commitment_id
JOIN old.statements s ON s.id = c.statement_id
LEFT JOIN old.withheld_commitment h ON h.commitment_id = coalesce(p.titled, p.first) AND h.action <> h.hidden
LEFT JOIN succeeded later ON later.was = c.id
LEFT JOIN pledge_commitments now ON now.commitment_id = coalesce(later.now, c.id)
WHERE p.id NOT IN (SELECT pledge_id FROM pledge_commitments)
GROUP BY p.id, p.owner, p.title;
DETACH old;
