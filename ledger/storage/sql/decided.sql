-- What people decided of speakers, undertakings and evidence. `recorded` holds the decisions in force (undone rows
-- left out), newest last; `decision` the same, of what now stands for their subjects. One text for readers, over the published file, and for runs, over their side file
-- (ledger/decisions/effects.py), where everything here is temporary; {w} stands for the file that is looked at.
CREATE TABLE recorded (
    n BIGINT, taken TIMESTAMPTZ, who VARCHAR, kind VARCHAR, subject VARCHAR, value JSON, why VARCHAR);
CREATE VIEW decision AS -- that somebody checked words says nothing of others, which took their place
SELECT r.* REPLACE (
    CASE WHEN kind = 'confirm' THEN subject ELSE coalesce(one.now, subject) END AS subject,
    CASE WHEN kind IN ('merge', 'split') THEN json_object('with', coalesce(other.now, value ->> 'with'))
        ELSE value END AS value)
FROM recorded r
LEFT JOIN {w}succeeded one ON one.was = r.subject
LEFT JOIN {w}succeeded other
    ON other.was = CASE WHEN kind IN ('merge', 'split') THEN r.value ->> 'with' END;

-- The last word of people on each passage that was worth a look: taken as evidence ("take") or struck ("strike"). The
-- subject is a hash of pledge, article and words (Lead.make_id), by which the words are found again where they moved.
CREATE MACRO lead_id(pledge, article, words) AS left(sha256(concat_ws(chr(31), 'lead', pledge, article, words)), 16);
CREATE VIEW judged_now AS
WITH word AS (
    SELECT n, kind, subject, who, value ->> 'pledge' AS named, value ->> 'article' AS article_id,
        TRY_CAST(value ->> '$.span[0]' AS INTEGER) AS first, TRY_CAST(value ->> '$.span[1]' AS INTEGER) AS last, value ->> 'stance' AS stance,
        coalesce(TRY_CAST(value ->> 'by_owner' AS BOOLEAN), false) AS by_owner, coalesce(value ->> 'source', '') AS source
    FROM recorded WHERE kind IN ('take', 'strike')
    QUALIFY row_number() OVER (PARTITION BY subject ORDER BY n DESC) = 1),
place AS (
    SELECT subject, [first, last] AS span FROM word
    UNION SELECT subject, unnest(t.spans) FROM word JOIN {w}sentences t ON t.article_id = word.article_id
    UNION SELECT subject, unnest(s.content) FROM word JOIN {w}statements s ON s.article_id = word.article_id)
SELECT word.* REPLACE (place.span[1] AS first, place.span[2] AS last), coalesce(s.now, named) AS pledge,
    substring(a.text, place.span[1] + 1, place.span[2] - place.span[1]) AS words
FROM word JOIN place ON place.subject = word.subject JOIN {w}articles a ON a.id = word.article_id
LEFT JOIN {w}succeeded s ON s.was = word.named
WHERE lead_id(named, word.article_id, substring(a.text, place.span[1] + 1, place.span[2] - place.span[1])) = word.subject
QUALIFY row_number() OVER (PARTITION BY word.subject ORDER BY place.span <> [word.first, word.last], place.span) = 1;
CREATE TABLE judged_passage AS FROM judged_now; -- filled when decisions are taken in
CREATE MACRO judged_of(places) AS TABLE -- each with the pledge that it bears on now
SELECT j.*, coalesce(place.pledge_id, j.pledge) AS pledge_id
FROM judged_passage j LEFT JOIN query_table(places) place ON place.commitment_id = j.pledge;
CREATE MACRO overrules(kind, first, last, its_first, its_last) AS -- what a person said of a passage, what the machine says
    CASE kind WHEN 'take' THEN first < its_last AND its_first < last ELSE first <= its_first AND its_last <= last END;

CREATE VIEW asked_key AS SELECT unnest(getvariable('asked')::VARCHAR[]) AS id;
CREATE VIEW named_speaker AS -- the last that a person named, by statement
SELECT n, subject, who, value ->> 'speaker' AS speaker, value ->> 'official' AS official_id
FROM decision WHERE kind = 'link_speaker'
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY n DESC) = 1;
CREATE VIEW asked_speaker AS -- of the statements whose ids are in `asked`; the limit has these alone be looked up
SELECT s.* FROM asked_key JOIN named_speaker s ON s.subject = asked_key.id LIMIT len(getvariable('asked')::VARCHAR[]);
CREATE MACRO links_of(base) AS TABLE -- each with the post held on the day
SELECT link.*, p.role, p.body, s.official_id AS machine_official_id,
    s.role IS DISTINCT FROM 'non_official' AS is_shown
FROM query_table(base) link
JOIN {w}statements s ON s.id = link.subject
JOIN {w}articles a ON a.id = s.article_id
LEFT JOIN {w}posts p ON p.official_id = link.official_id
    AND (p.first IS NULL OR p.first <= a.published::DATE) AND (p.last IS NULL OR a.published::DATE <= p.last)
QUALIFY row_number() OVER (PARTITION BY link.subject ORDER BY p.first DESC NULLS LAST, p.office) = 1;
CREATE VIEW link_now AS FROM links_of('named_speaker');
CREATE VIEW asked_link AS FROM links_of('asked_speaker');

CREATE VIEW checked_now AS -- the last word on each subject that people confirmed or rejected
SELECT subject, kind, who, n, value ->> 'as' AS ground FROM decision WHERE kind IN ('confirm', 'reject')
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY n DESC) = 1;
CREATE TABLE checked AS FROM checked_now; -- filled when decisions are taken in
CREATE VIEW rejection AS SELECT subject, n FROM checked WHERE kind = 'reject';
CREATE VIEW rejected AS SELECT subject FROM rejection;
CREATE VIEW confirmed AS SELECT subject, who FROM checked WHERE kind = 'confirm';

-- What stands of a speaker: what a person linked, else the machine's, where nobody found that to be no official.
CREATE MACRO as_decided(linked, theirs, nobody, machines) AS
    CASE WHEN linked IS NOT NULL THEN theirs WHEN nobody IS NULL THEN machines END;

CREATE TABLE link AS FROM link_now; -- filled when decisions are taken in, as are the next two by readers' merges and splits
CREATE TABLE regrouped (commitment_id VARCHAR, pledge_id VARCHAR); -- (ledger/decisions/reader_merges.py)
CREATE TABLE gone (pledge_id VARCHAR, into_id VARCHAR);
CREATE MACRO decided_of(base) AS TABLE -- rows of statements (`id`) with the speakers that stand after people's decisions
SELECT s.* REPLACE (
    as_decided(link.subject, link.speaker, nobody.subject, s.speaker) AS speaker,
    as_decided(link.subject, link.official_id, nobody.subject, s.official_id) AS official_id,
    as_decided(link.subject, link.role, nobody.subject, s.role) AS role,
    as_decided(link.subject, link.body, nobody.subject, s.body) AS body,
    CASE WHEN nobody.subject IS NULL THEN s.why ELSE 'who was named here is no official, as an editor found' END AS why),
    s.speaker AS machine_speaker, link.who AS linked_by, link.subject IS NOT NULL OR nobody.subject IS NOT NULL AS is_decided
FROM query_table(base) s
LEFT JOIN link ON link.subject = s.id
LEFT JOIN rejected nobody ON nobody.subject = s.official_id -- no official, as a person has found
WHERE s.role IS DISTINCT FROM 'non_official'; -- those of private people are not shown
CREATE TABLE held AS -- the area of a post
SELECT official_id, role, body, any_value(area ORDER BY first DESC) AS area FROM {w}posts GROUP BY ALL;
