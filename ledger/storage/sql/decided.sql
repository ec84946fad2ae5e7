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

CREATE VIEW link_now AS -- the speakers that people named, each with the post held on the day
WITH link AS (
    SELECT n, subject, who, value ->> 'speaker' AS speaker, value ->> 'official' AS official_id
    FROM decision WHERE kind = 'link_speaker'
    QUALIFY row_number() OVER (PARTITION BY subject ORDER BY n DESC) = 1)
SELECT link.*, p.role, p.body, s.official_id AS machine_official_id,
    s.role IS DISTINCT FROM 'non_official' AS is_shown
FROM link
JOIN {w}statements s ON s.id = link.subject
JOIN {w}articles a ON a.id = s.article_id
LEFT JOIN {w}posts p ON p.official_id = link.official_id
    AND (p.first IS NULL OR p.first <= a.published::DATE) AND (p.last IS NULL OR a.published::DATE <= p.last)
QUALIFY row_number() OVER (PARTITION BY link.subject ORDER BY p.first DESC NULLS LAST, p.office) = 1;

CREATE VIEW checked_now AS -- the last word on each subject that people confirmed or rejected
SELECT subject, kind, who, n FROM decision WHERE kind IN ('confirm', 'reject')
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
CREATE VIEW asked_key AS SELECT unnest(getvariable('asked')::VARCHAR[]) AS id;
