"""How accurate the text side is, in words and tables: one telling for page, dashboard and terminal.

In: a report as `nlp.evaluation` measures it. Out: sentences, tables and pictures; nothing of it is HTML but
the pictures, which hold no text from outside. The report that ships lies in ``data/accuracy.json``; `make
eval` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version

from ledger.data_files import data_file
from ledger.days import day
from ledger.outputs.quality.tables import (
    Plain,
    QualitySection,
    alike,
    by_facet,
    hundred,
    of_set,
    stances,
    sure,
    told,
    total,
    unresolved,
    words,
)
from ledger.presentation.labels import number

FILE = data_file(__file__, "accuracy.json")


@dataclass(frozen=True)
class Accuracy:
    """``measured_on``: what every figure of ``lead`` was measured on. ``doubt``: why the figures may not hold
    for what is installed, or ""."""

    measured_on: str
    lead: Sequence[str]
    doubt: str
    sections: Sequence[QualitySection]


@cache
def shipped() -> Plain:
    """The report that ships."""
    report: Plain = json.loads(FILE.read_text(encoding="utf-8"))
    return report


def written(report: Plain) -> str:
    """A report as the file that ships holds it: a line for each region and part."""
    sets = {}
    for name, one in report["sets"].items():
        parts = {key: _json(value) for key, value in one.items() if key != "regions"}
        rows = ",\n    ".join(map(_json, one["regions"]))
        parts = {"regions": f"[\n    {rows}\n   ]"} | parts
        sets[name] = "{\n   " + ",\n   ".join(f'"{key}": {value}' for key, value in parts.items()) + "\n  }"
    whole = {key: _json(value) for key, value in report.items() if key != "sets"}
    whole["sets"] = "{\n  " + ",\n  ".join(f'"{name}": {value}' for name, value in sets.items()) + "\n }"
    return "{\n " + ",\n ".join(f'"{key}": {value}' for key, value in whole.items()) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def doubt(report: Plain, weights: str | None = None, installed: str | None = None) -> str:
    """Why a report's figures may not hold for what is installed, or "". ``weights``: the hash of what is
    installed, None where it is not known here."""
    known = {"day": day(_day(report)), "version": report["version"], "installed": installed}
    if weights is not None and weights != report["weights"]:
        return told("doubt", "weights", **known)
    if installed is not None and installed != report["version"]:
        return told("doubt", "version", **known)
    return ""


def here(weights: str | None = None) -> Accuracy:
    """The report that ships, as it is told. ``weights``: the hash of what is installed, where it is known."""
    report = shipped()
    return accuracy(report, doubt(report, weights, version("said-and-done")))


def accuracy(report: Plain, doubted: str = "") -> Accuracy:
    """A report as it is told. ``doubted``: what `doubt` says."""
    sets = report["sets"]
    first, main = next(iter(sets.items()))
    most = max(sets, key=lambda name: len(sets[name]["regions"]))
    sections = [of_set(name, one) for name, one in sets.items()]
    sections += [*by_facet(most, sets[most]), *sure(most, sets[most])]
    sections += [stances(most, sets[most]), unresolved(most, sets[most])]
    if "names" in report:
        sections.append(alike(report["names"]))
    sections.append(_how(report))
    return Accuracy(_measured_on(first, main), list(_lead(main)), doubted, sections)


def _measured_on(name: str, one: Plain) -> str:
    regions = one["regions"]
    counts = {
        f"{what}s": number(total(regions, f"{what}s"), what) for what in ("article", "statement", "promise")
    }
    names = _listed([row["name"] for row in regions])
    return told("measured_on", name, regions=number(len(regions), "region"), names=names, **counts)


def _lead(one: Plain) -> Iterator[str]:
    """What matters most, in whole sentences."""
    n, mean, regions = one["shown"], one["mean"], one["regions"]
    if shown := n["shown"]:
        rest = n["shown_nobody_named"] + n["shown_no_statement"]
        parts = {"right": n["shown_right"], "another": n["shown_another"], "rest": rest}
        yield told("lead", "shown", **{name: hundred(some, shown) for name, some in parts.items()})
    if made := n["gold_official"]:
        yield told("lead", "officials", found=hundred(n["hit_official"], made))
    if asked := n["speaker_asked"]:
        yield told("lead", "left", left=hundred(asked - n["speaker_right"] - n["speaker_wrong"], asked))
    if n["t_pred"] and n["c_gold"]:
        right, found = hundred(n["t_hit"], n["t_pred"]), hundred(n["c_hit"], n["c_gold"])
        yield told("lead", "promises", right=right, found=found)
    if n["e_pred"] and n["e_gold"]:
        right, found = hundred(n["e_hit"], n["e_pred"]), hundred(n["e_hit"], n["e_gold"])
        listed = _share(mean["reading list: passages in the first fifteen"])
        yield told("lead", "evidence", right=right, found=found, listed=listed)
    if pledges := total(regions, "pledges"):
        kept = sum(row["figures"]["called kept that is not"][0] for row in regions)
        right = _share(mean["outcome right"])
        yield told("lead", "status", right=right, kept=f"{kept:.0f}", pledges=f"{pledges:,}")


def _how(report: Plain) -> QualitySection:
    how = words()["how"]
    sentences = [" ".join(one.format(rounds=report["rounds"]).split()) for one in how["told"]]
    measured = {"day": day(_day(report)), "version": report["version"], "weights": report["weights"][:12]}
    return QualitySection(how["heading"], [*sentences, told("how", "versions", **measured)])


def _share(figure: Sequence[float]) -> str:
    return hundred(figure[0], 1)


def _listed(names: Sequence[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])


def _day(report: Plain) -> date:
    return date.fromisoformat(report["measured"])
