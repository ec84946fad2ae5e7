"""Who owns pledges, as SQL that several queries hold within them."""

from __future__ import annotations

# Each official's latest post in words.
POSTS = """SELECT official_id, arg_max(CASE WHEN contains(office, body) THEN office
        ELSE concat_ws(', ', nullif(office, ''), nullif(body, '')) END,
    coalesce(first, DATE '0001-01-01')) AS post FROM w.posts GROUP BY 1"""

# Who owns a row of p: an official by id, so that namesakes stay two; others by name.
KEY = "coalesce(owner_id, owner)"

# Those who said a pledge in p for its body.
SPEAKERS = "SELECT coalesce(person_id, person), any_value(person) FROM p WHERE person <> owner GROUP BY 1"

# The owners of the pledges in p with their numbers, namesakes told apart by their posts.
OWNERS = f"""SELECT key, n, CASE WHEN post <> '' AND count(*) OVER (PARTITION BY name) > 1
        THEN concat(name, ' – ', post) ELSE name END AS words
    FROM (SELECT {KEY} AS key, any_value(owner) AS name, any_value(owner_id) AS official_id, count(*) AS n
        FROM p GROUP BY 1) LEFT JOIN ({POSTS}) USING (official_id)"""
