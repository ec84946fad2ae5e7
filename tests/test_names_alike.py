"""Names of all groups fare alike: composed names in the same short articles, through the real parser."""

from __future__ import annotations

import pytest

from nlp.evaluation.names_alike import AskedNames, asked, groups, told

EACH = 3  # articles that each name is put into, others for the next name
LEAST = 0.95  # share right in every group


@pytest.mark.parametrize("group", groups())
def test_names_of_every_group_are_read_alike(group: str) -> None:
    rows = list(asked(group, EACH))
    names = len({row.name for row in rows})
    wrong = [(row.name, row.kind, row.found) for row in rows if not row.right]
    assert len(rows) > EACH * names * 0.9
    assert len(wrong) <= (1 - LEAST) * len(rows), wrong


def test_a_wrong_name_lowers_its_group_alone() -> None:
    rows = [
        AskedNames(group, group, "women", "aged", True, ()) for group in ("irish", "welsh") for _ in range(20)
    ]
    rows[0] = AskedNames("irish", "irish", "men", "aged", False, ())
    found = told(rows)
    assert (found["group"]["irish"][0], found["group"]["welsh"][0], found["all"][0]) == (0.95, 1.0, 0.975)
    assert (found["sex"]["men"][0], found["sex"]["women"][0]) == (0.0, 1.0)
    assert found["group"]["irish"][3] == 20 and found["group"]["irish"][1] < 0.95 < found["group"]["irish"][2]
