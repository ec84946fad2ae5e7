"""What pages say about themselves: bylines, headlines and JSON-LD, in the shapes of ``page_heads.yaml``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawlers.pages.about.byline import authors_in
from crawlers.pages.parse import Parsed, parse_page

SHAPES = yaml.safe_load(Path(__file__).with_name("page_heads.yaml").read_text(encoding="utf-8"))
LINKED = '<script type="application/ld+json">'
LONG = 20.0  # seconds for a page made to be slow; what is quadratic takes minutes
SITES = ("Tarn Times", "tarntimes")
URL = "https://www.tarntimes.example/news/pier-1234567"
TEXT = (
    "<p>The parish council met in the village hall on Tuesday, and for once there were chairs enough.</p>"
    "<p>Clerk Ada Brindle read the minutes of the last meeting, which took her until a quarter past.</p>"
)


@pytest.mark.parametrize(("line", "people"), SHAPES["lines"])
def test_the_people_of_a_byline(line: str, people: list[str]) -> None:
    assert authors_in(line, SITES) == tuple(people)


@pytest.mark.parametrize("shape", SHAPES["pages"], ids=lambda shape: shape["name"])
def test_a_page_is_by_whom_called_and_dated_what_a_reader_sees(shape: dict[str, Any]) -> None:
    part = {"title": "Pier to rise again | Tarn Times", "h1": "<h1>Pier to rise again</h1>", "body": "{text}"}
    part |= dict.fromkeys(("meta", "top", "bottom", "jsonld"), "") | shape
    html = f"""<!doctype html><html lang="en"><head><title>{part["title"]}</title>{part["meta"]}
        <script type="application/ld+json">{part["jsonld"]}</script></head>
        <body><header><a href="/">Tarn Times</a></header><main><article>{part["h1"]}{part["top"]}
        <div class="article-body">{part["body"].replace("{text}", TEXT)}</div>{part["bottom"]}</article>"""
    parsed = parse_page(html.encode(), URL)
    assert isinstance(parsed, Parsed)
    if "day" in shape:
        assert parsed.article.published is not None and f"{parsed.article.published:%F}" == shape["day"]
    elif "headline" in shape:
        assert parsed.article.title == shape["headline"]
    else:
        assert parsed.article.authors == tuple(shape["authors"])
        assert all(name.casefold() in parsed.article.byline.casefold() for name in shape["authors"])


@pytest.mark.parametrize(
    "html",
    [
        "<h1>" + "a | " * 30_000 + "</h1>" + TEXT,
        f"<title>{'a | ' * 60_000}</title>{TEXT}",
        f'{LINKED}{{"@type":"NewsArticle","author":"{"x" * 400_000}"}}</script>{TEXT}',
        '<script type="application/ld+json">{"@type":"NewsArticle",'
        + '"name":{"a":' * 50_000
        + "</script>"
        + TEXT,
        f"{LINKED}{'{,}' * 100_000}</script>{TEXT}",
        f'<div class="byline">{"<span class=author>By A B</span>" * 20_000}</div>{TEXT}',
        f"<p>{'<strong>A B:</strong> word. ' * 20_000}</p>{TEXT}",
        f"{'<blockquote>A bench is a bench, and no more.</blockquote>' * 5_000}{TEXT * 500}",
        f"<meta name=author content='{'a@' * 200_000}'>{TEXT}",
    ],
    ids=range(9),
)
def test_no_page_takes_long(html: str) -> None:
    begun = time.process_time()
    assert isinstance(parse_page(html.encode(), URL), Parsed)
    assert time.process_time() - begun < LONG
