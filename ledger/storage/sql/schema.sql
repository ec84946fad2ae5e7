-- The warehouse. Spans are lists of [start, end] character offsets into articles.text.
CREATE TABLE IF NOT EXISTS meta (key VARCHAR PRIMARY KEY, value VARCHAR);

CREATE TABLE IF NOT EXISTS runs (
    id VARCHAR PRIMARY KEY, started TIMESTAMPTZ, finished TIMESTAMPTZ, as_of DATE, counts JSON);

CREATE TABLE IF NOT EXISTS outlets (
    name VARCHAR PRIMARY KEY, region VARCHAR, grp VARCHAR, home VARCHAR, layout VARCHAR,
    expected_weekly INTEGER, rights JSON);
ALTER TABLE outlets ADD COLUMN IF NOT EXISTS kind VARCHAR; -- what its articles are
ALTER TABLE outlets ADD COLUMN IF NOT EXISTS listings VARCHAR[]; -- its feeds, sitemaps and sections
ALTER TABLE outlets ADD COLUMN IF NOT EXISTS publisher VARCHAR; -- whose own word they are, '' where they are news
ALTER TABLE outlets ADD COLUMN IF NOT EXISTS paywall VARCHAR;

CREATE TABLE IF NOT EXISTS visits ( -- how an outlet answered one crawl; `new` counts the pages archived
    crawl VARCHAR, outlet VARCHAR, visited TIMESTAMPTZ, links INTEGER, new INTEGER, failures JSON, listings JSON,
    PRIMARY KEY (crawl, outlet));

CREATE TABLE IF NOT EXISTS articles (
    id VARCHAR PRIMARY KEY, outlet VARCHAR, url VARCHAR, title VARCHAR, byline VARCHAR, authors VARCHAR[],
    published TIMESTAMPTZ, modified TIMESTAMPTZ, first_seen TIMESTAMPTZ, section VARCHAR, language VARCHAR,
    paywalled BOOLEAN, rights JSON, text VARCHAR, sha256 VARCHAR, archive VARCHAR, copy_of VARCHAR,
    run_id VARCHAR);
ALTER TABLE articles ADD COLUMN IF NOT EXISTS declared_paid BOOLEAN; -- not free by its own word, yet served whole
ALTER TABLE articles ADD COLUMN IF NOT EXISTS layout JSON; -- [{"kind", "span"}]: what the page's markup told of spans of text

ALTER TABLE articles ADD COLUMN IF NOT EXISTS kind VARCHAR; -- NULL: news
ALTER TABLE articles ADD COLUMN IF NOT EXISTS pages INTEGER[][]; -- [offset, number] of where a file's pages begin

ALTER TABLE articles ADD COLUMN IF NOT EXISTS plain_title VARCHAR; -- without the names of people who hold no office, where it has such
ALTER TABLE articles ADD COLUMN IF NOT EXISTS prints VARCHAR; -- a body's release that it prints and adds to

CREATE TABLE IF NOT EXISTS revisions (
    article_id VARCHAR, fetched TIMESTAMPTZ, sha256 VARCHAR, text VARCHAR, archive VARCHAR, changed VARCHAR,
    run_id VARCHAR, PRIMARY KEY (article_id, fetched, sha256));

CREATE TABLE IF NOT EXISTS quotation_edits ( -- "before" no longer stands in the article; "after" does
    id VARCHAR PRIMARY KEY, article_id VARCHAR, fetched TIMESTAMPTZ, before VARCHAR, after VARCHAR,
    speaker VARCHAR, source_name VARCHAR, role VARCHAR, body VARCHAR, run_id VARCHAR);

-- Statements and commitments whose words an outlet, or a later reading of the text, changed: `now` stands for `was`,
-- with what people decided of it.
CREATE TABLE IF NOT EXISTS succeeded (was VARCHAR PRIMARY KEY, now VARCHAR);

-- Pledges that readers knew by an id under which nothing is found any more (former.sql). `heir`: the commitment that goes
-- on with it where its own is no longer one, NULL for none; `articles`: that told of it.
CREATE TABLE IF NOT EXISTS former (
    id VARCHAR PRIMARY KEY, owner VARCHAR, title VARCHAR, heir VARCHAR, articles VARCHAR[], noted TIMESTAMPTZ);

CREATE TABLE IF NOT EXISTS officials (
    id VARCHAR PRIMARY KEY, name VARCHAR, aliases VARCHAR[], gender VARCHAR, provisional BOOLEAN,
    article_id VARCHAR); -- the article a provisional official was met in; NULL for the register's

CREATE TABLE IF NOT EXISTS posts (
    official_id VARCHAR, office VARCHAR, role VARCHAR, body VARCHAR, area VARCHAR, first DATE, last DATE);

CREATE TABLE IF NOT EXISTS statements (
    id VARCHAR PRIMARY KEY, article_id VARCHAR, seq INTEGER, kind VARCHAR,
    content INTEGER[][], cue INTEGER[][], source INTEGER[][], words VARCHAR, source_name VARCHAR,
    speaker VARCHAR, official_id VARCHAR, role VARCHAR, body VARCHAR, confidence DOUBLE, why VARCHAR,
    run_id VARCHAR);

ALTER TABLE statements ADD COLUMN IF NOT EXISTS promises BLOB;
-- The words without the names of people who hold no office, where they hold one: what a search looks through.
ALTER TABLE statements ADD COLUMN IF NOT EXISTS searched VARCHAR;

CREATE TABLE IF NOT EXISTS sentences (article_id VARCHAR, spans INTEGER[][]);

CREATE TABLE IF NOT EXISTS commitments (
    id VARCHAR PRIMARY KEY, statement_id VARCHAR, type VARCHAR, action VARCHAR,
    measure_value DOUBLE, measure_unit VARCHAR, measure_text VARCHAR, measure_direction VARCHAR,
    deadline_text VARCHAR, deadline_first DATE, deadline_last DATE, condition VARCHAR,
    confidence DOUBLE, why VARCHAR, run_id VARCHAR);
ALTER TABLE commitments ADD COLUMN IF NOT EXISTS measure_baseline DOUBLE;
ALTER TABLE commitments ADD COLUMN IF NOT EXISTS place VARCHAR;
-- A statement may hold several, each a clause: where it stands in the article's text, and its words as they stand there
-- ([0, 0] and "": the whole statement). `minor`: nobody would track it; grouped into no pledge.
ALTER TABLE commitments ADD COLUMN IF NOT EXISTS span INTEGER[];
ALTER TABLE commitments ADD COLUMN IF NOT EXISTS clause VARCHAR;
ALTER TABLE commitments ADD COLUMN IF NOT EXISTS minor BOOLEAN;
UPDATE commitments SET span = [0, 0], clause = '', minor = false WHERE span IS NULL; -- a default breaks replaying the log

CREATE TABLE IF NOT EXISTS vectors (id VARCHAR PRIMARY KEY, vector FLOAT[384]);

-- As the rules reckon them (ledger/pledges/reckon.py), of what people decided by then: rejected commitments say nothing.
-- `first`: the commitment it began with; `titled`: the one whose words the title is; `marks`: the flags with their days.
CREATE TABLE IF NOT EXISTS pledges (
    id VARCHAR PRIMARY KEY, owner VARCHAR, owner_id VARCHAR, body VARCHAR, title VARCHAR, deadline DATE,
    suggested VARCHAR, why VARCHAR, run_id VARCHAR);
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS titled VARCHAR;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS marks STRUCT(flag VARCHAR, "first" DATE, "last" DATE, "only" VARCHAR)[];
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS first VARCHAR;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS role VARCHAR;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS area VARCHAR;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS first_stated TIMESTAMPTZ;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS last_stated TIMESTAMPTZ;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS came DATE;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS restatements INTEGER;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS outlets VARCHAR[];
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS evidence INTEGER;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS independent INTEGER;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS last_evidence DATE;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS person VARCHAR; -- who said it, the owner or beside the body that owns it
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS person_id VARCHAR;
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS rule VARCHAR; -- in words, by which it is the owner's
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS first_due DATE; -- the first date given; `deadline` is the newest
ALTER TABLE pledges ADD COLUMN IF NOT EXISTS moved_on DATE; -- the day on which the newest was said
ALTER TABLE pledges DROP COLUMN IF EXISTS flags;

CREATE TABLE IF NOT EXISTS pledge_commitments (
    commitment_id VARCHAR PRIMARY KEY, pledge_id VARCHAR, position INTEGER, changed VARCHAR);
-- The pledge of the machine's own grouping, where people's merges and splits have put the commitment in another, and
-- whether there it is one to the thing itself (`core`), and how near to the middle of those (`central`).
ALTER TABLE pledge_commitments ADD COLUMN IF NOT EXISTS by_machine VARCHAR;
ALTER TABLE pledge_commitments ADD COLUMN IF NOT EXISTS core BOOLEAN;
ALTER TABLE pledge_commitments ADD COLUMN IF NOT EXISTS central DOUBLE;

-- Of what each pledge was reckoned last: a print of all that its statements and evidence are, the day as of which, and the
-- day from which the same would be told otherwise.
CREATE TABLE IF NOT EXISTS reckoned (pledge_id VARCHAR PRIMARY KEY, print VARCHAR, as_of DATE, until DATE);
-- By which words articles are near a pledge, each as a hash, since names are among them, with its weight in millionths; and
-- what no earlier article can tell of.
CREATE TABLE IF NOT EXISTS pledge_words (pledge_id VARCHAR, word BIGINT, weight INTEGER);
CREATE TABLE IF NOT EXISTS pledge_begun (pledge_id VARCHAR PRIMARY KEY, first_day DATE, home VARCHAR);

-- Where the grouping nearly decided otherwise: two pledges ("merge"), or a commitment and its pledge ("split").
CREATE TABLE IF NOT EXISTS doubts (
    kind VARCHAR, one VARCHAR, other VARCHAR, likeness DOUBLE, run_id VARCHAR, PRIMARY KEY (kind, one, other));

CREATE TABLE IF NOT EXISTS evidence (
    id VARCHAR PRIMARY KEY, pledge_id VARCHAR, article_id VARCHAR, first INTEGER, last INTEGER, words VARCHAR,
    stance VARCHAR, day DATE, by_owner BOOLEAN, source VARCHAR, confidence DOUBLE, why VARCHAR,
    run_id VARCHAR);

-- What is worth a look (ledger/pledges/leads.py): no evidence until a person takes it. `marked`: the words that matter.
CREATE TABLE IF NOT EXISTS leads (
    id VARCHAR PRIMARY KEY, pledge_id VARCHAR, article_id VARCHAR, first INTEGER, last INTEGER, words VARCHAR,
    likely DOUBLE, stance VARCHAR, day DATE, by_owner BOOLEAN, source VARCHAR, why VARCHAR, marked INTEGER[][],
    run_id VARCHAR);

-- Of version 0.1.0; what is said in them must not outlive its article.
DROP TABLE IF EXISTS standings;
DROP TABLE IF EXISTS pledge_stated;
DROP TABLE IF EXISTS pledge_shown;
DROP TABLE IF EXISTS withheld_title;

-- Every suggestion that differed from the one before it: what "changed in the last seven days" reads.
CREATE TABLE IF NOT EXISTS suggestions (
    pledge_id VARCHAR, suggested VARCHAR, was VARCHAR, why VARCHAR, as_of DATE, noted TIMESTAMPTZ, run_id VARCHAR);

-- What a stage has worked through, and the version that did. `item` holds the input's hash where it can change.
CREATE TABLE IF NOT EXISTS done (
    stage VARCHAR, item VARCHAR, version VARCHAR, PRIMARY KEY (stage, item));

CREATE TABLE IF NOT EXISTS problems (
    run_id VARCHAR, stage VARCHAR, item VARCHAR, reason VARCHAR, detail VARCHAR, noted TIMESTAMPTZ);

CREATE TABLE IF NOT EXISTS skipped (run_id VARCHAR, stage VARCHAR, reason VARCHAR, number INTEGER);

-- URLs taken out on request: a tombstone without content.
CREATE TABLE IF NOT EXISTS forgotten (article_id VARCHAR PRIMARY KEY, noted TIMESTAMPTZ);
