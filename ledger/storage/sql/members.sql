-- What pledges are reckoned from (ledger/decisions/reckoning.py), of those whose ids are in the variable `asked`, by what
-- people decided: one text for runs (after run.sql) and for readers (after views.sql).
CREATE VIEW member AS
SELECT place.pledge_id, c.id IN (FROM rejected) AS is_rejected, coalesce(pc.core, true) AS core,
    coalesce(pc.central, 0) AS central, s.speaker, s.official_id, s.role, s.body, held.area, s.outlet, s.published,
    s.published::DATE AS day, s.first_seen::DATE AS came, c.id, c.statement_id, c.type, c.action, c.measure_value,
    c.measure_unit, c.measure_text, c.deadline_text, c.deadline_first, c.deadline_last,
    coalesce(post.office, '') AS office, coalesce(s.source_name, '') AS source_name,
    coalesce(nullif(c.clause, ''), s.words) AS words, s.plain_title AS headline, s.seq, c.span
FROM kept_place place
JOIN {w}pledge_commitments pc ON pc.commitment_id = place.commitment_id
JOIN {w}commitments c ON c.id = place.commitment_id
JOIN decided_of('kept_said') s ON s.commitment_id = c.id
LEFT JOIN held ON held.official_id = s.official_id AND held.role = s.role AND held.body = s.body
LEFT JOIN {w}posts post ON post.official_id = s.official_id AND post.role = s.role AND post.body = s.body
    AND (post.first IS NULL OR post.first <= s.published::DATE) AND (post.last IS NULL OR s.published::DATE <= post.last)
WHERE getvariable('known') IS NULL OR s.published IS NULL OR s.published::DATE <= getvariable('known')::DATE
QUALIFY row_number() OVER (PARTITION BY c.id ORDER BY post.first DESC NULLS LAST, post.office) = 1
ORDER BY day NULLS LAST, s.article_id, s.seq, c.span, c.id;

CREATE VIEW report AS -- each with the original that its article is a copy of; what people took counts, whatever a run finds
SELECT asked_key.id AS pledge_id, e.id, coalesce(a.copy_of, a.id) AS article_id, e.stance, e.day, e.by_owner,
    e.source, e.confidence
FROM {w}evidence e LEFT JOIN gone ON gone.pledge_id = e.pledge_id
JOIN asked_key ON asked_key.id = coalesce(gone.into_id, e.pledge_id)
JOIN {w}articles a ON a.id = e.article_id
ANTI JOIN judged j ON j.article_id = e.article_id AND j.pledge_id = asked_key.id
    AND overrules(j.kind, j.first, j.last, e.first, e.last)
WHERE e.id NOT IN (FROM rejected)
UNION ALL SELECT j.pledge_id, j.subject, coalesce(a.copy_of, a.id), j.stance, a.published::DATE, j.by_owner, j.source, 1.0
FROM judged j JOIN asked_key ON asked_key.id = j.pledge_id JOIN {w}articles a ON a.id = j.article_id
WHERE j.kind = 'take' AND j.subject NOT IN (FROM rejected);

CREATE VIEW verdict AS -- by statement whose speaker a person decided, by whatever a person rejected, by pledge of a passage
SELECT id AS item, concat_ws(' ', official_id, speaker, role, body) AS version FROM decided_of('{w}statements')
WHERE is_decided
UNION ALL SELECT subject, 'rejected' FROM rejected
UNION ALL SELECT 'passages:' || pledge, string_agg(concat_ws(' ', kind, subject, stance), ',' ORDER BY n)
FROM judged_passage GROUP BY pledge;
