"""A large home folder to read from, made of the invented county, many times over with changed words.

Each statement takes a statement of the county, with two words in five replaced by words drawn from all that
the county's officials say, and a number of its own; one in twenty is a commitment. An article is some ten
statements, each in a paragraph of its own after words of the county's articles. Officials, bodies and outlets
are copied with a number; days are spread over six years; about four commitments of an owner make a pledge,
and two passages of later articles are evidence on it; of one owner in twenty it is forty, and sixty passages.
Some pledges and members are put in doubt, and some officials are known from an article alone. Made by sets:
Arrow for the words, SQL for all else.
The vectors of statements are those of the county's, with noise.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ledger import settings
from ledger.decisions import effects, reckoning
from ledger.settings import Settings
from ledger.storage import warehouse
from ledger.storage.warehouse import Connection
from tests.gold_home import make_home

COPIES = 25  # of every official, body and outlet
EVERY = 20  # statements to one commitment
CHANGED = 0.4  # of the words of a statement
_BATCH = 100_000
_EDITION = 3  # of what is made here: a home of an earlier one is made anew
_COUNTY = ("articles", "outlets", "officials", "posts", "statements", "commitments", "pledges", "evidence")


def big_home(folder: Path, articles: int, statements: int) -> Settings:
    """The home in ``folder`` with so much in it; made where it is not there yet."""
    made = folder / f"made-{articles}-{statements}-{_EDITION}"
    if made.exists():
        return settings.load(folder)
    home = make_home(folder)
    with warehouse.run(home) as connection, warehouse.transaction(connection):
        for table in _COUNTY:
            connection.execute(f"CREATE TEMP TABLE county_{table} AS SELECT * FROM {table}")
            connection.execute(f"DELETE FROM {table}")
        for table in ("pledge_commitments", "suggestions", "doubts"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute(_TEMPLATES)
        _say(connection, statements)
        connection.execute("SET VARIABLE articles = ?::BIGINT", [articles])
        connection.execute("SET VARIABLE statements = ?::BIGINT", [statements])
        connection.execute("SET VARIABLE copies = ?::BIGINT", [COPIES])
        connection.execute(_EVERYTHING)
        effects.take_in(connection, home)
        reckoning.keep(connection, home.today, "big")
        connection.execute(_AFTER)
    warehouse.publish(home)
    made.touch()
    return home


def noisy(base: NDArray[np.float32], number: int, chance: np.random.Generator) -> NDArray[np.float32]:
    """So many vectors of length 1, each one of ``base`` (n, 384) with noise: their cosine is about 0.7."""
    made = base[chance.integers(len(base), size=number)]
    made = made + chance.standard_normal(made.shape, dtype=np.float32) / np.sqrt(np.float32(made.shape[1]))
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def _say(connection: Connection, statements: int) -> None:
    """Fill ``spoken`` (n, template, words): the county's statements with changed words."""
    county = connection.execute("SELECT words, promised FROM template ORDER BY id").fetchall()
    spoken = [words.replace(" […]", "").split() for words, _ in county]
    promised = np.flatnonzero([yes for _, yes in county])
    pool = pa.array([word for words in spoken for word in words], pa.string())
    length = np.array([len(words) for words in spoken])
    begins = np.concatenate([[0], np.cumsum(length)[:-1]])
    chance = np.random.default_rng(0)
    connection.execute("CREATE TEMP TABLE spoken (n BIGINT, template INTEGER, words VARCHAR)")
    for start in range(0, statements, _BATCH):
        numbers = np.arange(start, min(start + _BATCH, statements))
        template = chance.integers(len(spoken), size=len(numbers))
        firm = numbers % EVERY == 0
        template[firm] = chance.choice(promised, size=int(firm.sum()))
        ends = np.concatenate([[0], np.cumsum(length[template])])
        word = np.arange(ends[-1]) + np.repeat(begins[template] - ends[:-1], length[template])
        other = chance.random(len(word)) < CHANGED
        word[other] = chance.integers(len(pool), size=int(other.sum()))
        lists = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pool.take(pa.array(word)))
        unique = pc.cast(pa.array(numbers), pa.string())
        words = pc.binary_join_element_wise(pc.binary_join(lists, " "), unique, " ")
        batch = pa.table({"n": numbers, "template": template, "words": words})
        connection.register("batch", batch)
        connection.execute("INSERT INTO spoken SELECT * FROM batch")
        connection.unregister("batch")


_TEMPLATES = """
CREATE TEMP TABLE template AS
SELECT row_number() OVER (ORDER BY s.id) - 1 AS id, s.* EXCLUDE (id), c.type, c.action, c.deadline_text,
    c.id IS NOT NULL AND s.role IS DISTINCT FROM 'non_official' AS promised
FROM county_statements s LEFT JOIN county_commitments c ON c.statement_id = s.id;
CREATE TEMP TABLE filler AS
SELECT row_number() OVER (ORDER BY id, text) - 1 AS id, text FROM (
    SELECT id, unnest(string_split(text, chr(10) || chr(10))) AS text FROM county_articles)
WHERE length(text) BETWEEN 60 AND 300;
"""

_EVERYTHING = """
SET VARIABLE fillers = (SELECT count(*) FROM filler);
SET VARIABLE county = (SELECT count(*) FROM county_articles);
SET VARIABLE evidence = (SELECT count(*) FROM county_evidence);

INSERT INTO outlets BY NAME SELECT o.* REPLACE (o.name || ' ' || k AS name), 5 AS expected_weekly
FROM (SELECT * EXCLUDE (expected_weekly) FROM county_outlets) o, range(getvariable('copies')) t(k);
INSERT INTO officials BY NAME SELECT o.* REPLACE (left(md5(o.id || k), 16) AS id, o.name || ' ' || k AS name)
FROM county_officials o, range(getvariable('copies')) t(k);
INSERT INTO posts BY NAME SELECT p.* REPLACE (
    left(md5(p.official_id || k), 16) AS official_id, p.body || ' ' || k AS body)
FROM county_posts p, range(getvariable('copies')) t(k);

CREATE TEMP TABLE paper AS
SELECT n, left(md5('article ' || n), 16) AS id, hash(n) % getvariable('copies') AS copy,
    TIMESTAMPTZ '2020-07-01 06:00:00Z'
        + to_seconds((n * 6 * 365 * 86400 // getvariable('articles') + hash(n) % 36000)::BIGINT) AS published
FROM range(getvariable('articles')) t(n);

CREATE TEMP TABLE placed AS
WITH line AS (
    SELECT s.n, s.n * getvariable('articles') // getvariable('statements') AS paper, s.template, s.words,
        f.text || ' “' AS before, '” said ' || coalesce(t.speaker, 'a spokesman') || '.' AS after
    FROM spoken s JOIN template t ON t.id = s.template
    JOIN filler f ON f.id = hash(s.n) % getvariable('fillers'))
SELECT *, row_number() OVER w - 1 AS seq,
    (sum(length(before) + length(words) + length(after) + 2) OVER w
        - length(words) - length(after) - 2)::INTEGER AS first
FROM line WINDOW w AS (PARTITION BY paper ORDER BY n);

INSERT INTO articles BY NAME
SELECT p.id, a.outlet || ' ' || p.copy AS outlet, 'https://www.news.example/articles/' || p.n AS url,
    a.title || ' ' || p.n AS title, a.byline, p.published, p.published AS first_seen, 'en' AS language,
    p.n % 20 = 0 AS paywalled, '{}' AS rights, t.text, sha256(t.text) AS sha256, 'big' AS run_id
FROM paper p
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS n FROM county_articles) a
    ON a.n = hash(p.n, 1) % getvariable('county')
JOIN (
    SELECT paper, string_agg(before || words || after, chr(10) || chr(10) ORDER BY seq) AS text
    FROM placed GROUP BY paper) t ON t.paper = p.n
ORDER BY p.n;

INSERT INTO statements BY NAME
SELECT left(md5('statement ' || l.n), 16) AS id, p.id AS article_id, l.seq, t.kind,
    [[l.first, l.first + length(l.words)]] AS content, [] AS cue, [] AS source, l.words, t.source_name,
    t.speaker || ' ' || p.copy AS speaker, left(md5(t.official_id || p.copy), 16) AS official_id, t.role,
    t.body || ' ' || p.copy AS body, t.confidence, t.why, 'big' AS run_id
FROM placed l JOIN template t ON t.id = l.template JOIN paper p ON p.n = l.paper ORDER BY l.n;

CREATE TEMP TABLE promise AS
SELECT s.id AS statement_id, left(md5('commitment ' || s.id), 16) AS id, s.speaker, s.official_id, s.body,
    s.words, t.type, t.action, t.deadline_text, l.n, p.published,
    CASE WHEN t.deadline_text <> '' THEN p.published::DATE + (hash(l.n) % 900)::INTEGER END AS deadline,
    (row_number() OVER (PARTITION BY s.official_id, s.body ORDER BY l.n) - 1)
        // CASE WHEN hash(s.official_id, s.body) % 20 = 0 THEN 40 ELSE 4 END AS grouped
FROM placed l JOIN template t ON t.id = l.template JOIN paper p ON p.n = l.paper
JOIN statements s ON s.id = left(md5('statement ' || l.n), 16) WHERE l.n % 20 = 0;

INSERT INTO commitments BY NAME
SELECT id, statement_id, type, action, deadline_text, deadline AS deadline_first, deadline AS deadline_last,
    '' AS condition, 1.0 AS confidence, 'label' AS why, [0, 0] AS span, '' AS clause, false AS minor,
    'big' AS run_id
FROM promise ORDER BY n;

CREATE TEMP TABLE together AS
SELECT id AS commitment_id, row_number() OVER owned - 1 AS position,
    first_value(id) OVER owned AS pledge_id, n
FROM promise WINDOW owned AS (PARTITION BY official_id, body, grouped ORDER BY n);
INSERT INTO pledge_commitments BY NAME
SELECT commitment_id, pledge_id, position, '' AS changed FROM together ORDER BY n;

CREATE TEMP TABLE reported AS
SELECT id AS pledge_id, k, (hash(n, k) % getvariable('statements'))::BIGINT AS line,
    (hash(n, k, 1) % getvariable('evidence'))::BIGINT AS kind
FROM (
    SELECT pledge_id AS id, row_number() OVER (ORDER BY pledge_id) AS n, count(*) AS members
    FROM together GROUP BY pledge_id), range(60) t(k)
WHERE k < CASE WHEN members > 10 THEN 60 ELSE 2 END;
INSERT INTO evidence BY NAME
SELECT left(md5('evidence ' || r.pledge_id || r.k), 16) AS id, r.pledge_id, a.id AS article_id,
    CASE WHEN k % 2 = 0 THEN l.first ELSE l.first - length(l.before) END AS first,
    CASE WHEN k % 2 = 0 THEN l.first + length(l.words) ELSE l.first - 2 END AS last,
    CASE WHEN k % 2 = 0 THEN l.words ELSE l.before[:-3] END AS words, g.stance, a.published::DATE AS day,
    g.by_owner, a.outlet AS source, 1.0 AS confidence, 'label' AS why, 'big' AS run_id
FROM reported r JOIN placed l ON l.n = r.line
JOIN paper ON paper.n = l.paper JOIN articles a ON a.id = paper.id
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS n FROM county_evidence) g ON g.n = r.kind;
"""

_AFTER = """
DELETE FROM suggestions;
INSERT INTO suggestions
SELECT pledge_id, suggested, 'not_yet_rated', 'label', max(day), now(), 'big'
FROM evidence JOIN pledges ON pledges.id = pledge_id GROUP BY ALL;

INSERT INTO doubts
SELECT 'merge', id, next, 0.3 + hash(id) % 200 / 1000, 'big'
FROM (SELECT id, owner, lead(id) OVER (PARTITION BY owner ORDER BY id) AS next FROM pledges)
WHERE next IS NOT NULL AND hash(id) % 8 = 0;
INSERT INTO doubts
SELECT 'split', commitment_id, pledge_id, 0.5 + hash(commitment_id) % 200 / 1000, 'big'
FROM together WHERE position > 0 AND hash(commitment_id) % 20 = 0;

UPDATE officials SET provisional = true, article_id = met.article_id
FROM (SELECT official_id, min(article_id) AS article_id FROM statements GROUP BY official_id) met
WHERE met.official_id = officials.id AND hash(officials.id) % 20 = 0;
"""
