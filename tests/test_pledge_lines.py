"""The pledges of annotated articles as lines, as they were known on a day."""

from datetime import date

import pytest

from ledger.pledges.status import standing
from ledger.types import Mark
from nlp.annotate import Text, read_texts
from nlp.officials.register import Register
from nlp.pipeline import MODEL
from nlp.pledge_lines import MOST_TO_CHECK, pledge_lines

KEYS = [
    "pledge_id", "title", "owner", "body", "rule", "first_due", "due", "status", "outcome", "flags",
    "commitments", "to_check", "why",
]  # fmt: skip
LINES = [
    {
        "id": "a1",
        "outlet": "Westby Gazette",
        "title": "Leader promises new swimming pool in Aldbury",
        "published": "2025-02-03T08:00:00",
        "text": "“We will open the new swimming pool in Aldbury by the end of June 2025,” said council "
        "leader Ann Carr.",
    },
    {
        "id": "a2",
        "outlet": "Westby Gazette",
        "title": "Aldbury swimming pool delayed",
        "published": "2025-07-10T08:00:00",
        "text": "The new swimming pool in Aldbury has been delayed and will not open until March 2026, the "
        "council has admitted.\nIt was due to open in June.",
    },
]


@pytest.fixture(scope="module")
def read() -> Text:
    return read_texts(LINES, Register(()), MODEL)


def test_a_line_tells_all_of_a_pledge(read: Text) -> None:
    (line,) = [row for row in pledge_lines(read, None, 30) if row["commitments"][0]["article"] == "a1"]
    assert list(line) == KEYS
    assert line["first_due"] == line["due"] == "2025-06-30"
    assert line["outcome"] in ("kept", "open", "not_kept")
    start, end = line["commitments"][0]["span"]
    assert "open the new swimming pool" in LINES[0]["text"][start:end]
    assert len(line["to_check"]) <= MOST_TO_CHECK
    told = {row.article_id for row in (*read.found.evidence, *read.found.leads)}
    assert told == {"a2"}
    for row in line["to_check"]:
        ((start, end),) = row["content"]
        assert row["article"] == "a2" and LINES[1]["text"][start:end].strip() and row["why"]


def test_what_came_later_was_not_known_on_a_day(read: Text) -> None:
    (line,) = pledge_lines(read, date(2025, 3, 1), 30)
    assert line["to_check"] == [] and line["status"] == "not_yet_rated" and line["flags"] == []
    assert list(pledge_lines(read, date(2025, 1, 1), 30)) == []


@pytest.mark.parametrize(
    ("mark", "status", "stands"),
    [
        (Mark("overdue", date(2025, 7, 1), only="open"), "stalled", True),
        (Mark("overdue", date(2025, 7, 1), only="open"), "delivered", False),
        (Mark("overdue", date(2025, 7, 2), only="open"), "stalled", False),
        (Mark("due_soon", last=date(2025, 7, 20), only="awaited"), "not_yet_rated", True),
        (Mark("due_soon", last=date(2025, 8, 20), only="awaited"), "not_yet_rated", False),
        (Mark("drifted"), "delivered", True),
    ],
)
def test_flags_stand_on_their_days(mark: Mark, status: str, stands: bool) -> None:
    assert standing([mark], status, date(2025, 7, 1), 30) == ((mark.flag,) if stands else ())
