"""What may be passed on of an article, as SQL conditions for queries that give text away.

An article is reserved when it is paywalled, or when its page or site reserves its rights against text and
data mining or archiving (the signals that `crawlers.head` and `crawlers.site_rights` read, kept in
``articles.rights``). Of a reserved article no text leaves but the quotations: no paragraph around them, and
no evidence in the reporter's own words.
"""

from __future__ import annotations

RESERVING = ("tdm_reserved", "noai", "noarchive", "ai_txt")  # keys of articles.rights, true where set

# For a query with articles as `a`.
RESERVED = "(a.paywalled OR {})".format(
    " OR ".join(f"coalesce(a.rights ->> '{key}' = 'true', false)" for key in RESERVING)
)

# For a query with articles as `a` and evidence as `e`: its words stand within somebody's quoted speech.
QUOTED = """EXISTS (SELECT 1 FROM w.statements q WHERE q.article_id = a.id
    AND list_min(list_transform(q.content, span -> span[1])) <= e.first
    AND e.last <= list_max(list_transform(q.content, span -> span[2])))"""
