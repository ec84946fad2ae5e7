"""With whom pledges are counted, as SQL that several queries hold within them.

A pledge counts with whose it is, with who said it first, and with the body for which they spoke: so the
numbers of the overview, the site and the officials are those of the lists that `Filter.owner` gives.
"""

from __future__ import annotations

# Each official's latest post in words.
POSTS = """SELECT official_id, arg_max(CASE WHEN contains(office, body) THEN office
        ELSE concat_ws(', ', nullif(office, ''), nullif(body, '')) END,
    coalesce(first, DATE '0001-01-01')) AS post FROM w.posts GROUP BY 1"""

# With whom each pledge in p counts, once each: an official by id, so that namesakes stay two, others by name.
WHOSE = """SELECT id, coalesce(owner_id, owner) AS key, owner AS name, owner_id AS official_id FROM p
    UNION SELECT id, coalesce(person_id, person), person, person_id FROM p WHERE person <> ''
    UNION SELECT id, body, body, NULL FROM p WHERE body <> ''"""

# Those whom the pledges in p count with, and with how many; namesakes told apart by their posts.
OWNERS = f"""SELECT key, n, CASE WHEN post <> '' AND count(*) OVER (PARTITION BY name) > 1
        THEN concat(name, ' – ', post) ELSE name END AS words
    FROM (SELECT key, any_value(name) AS name, any_value(official_id) AS official_id, count(DISTINCT id) AS n
        FROM ({WHOSE}) GROUP BY 1) LEFT JOIN ({POSTS}) USING (official_id)"""
