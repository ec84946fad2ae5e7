"""Files of a home folder as nobody would write them: sound ones changed, and forms that break readers."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.texts import CHARACTERS, DATA, FILES, fragments
from sample.stories import FOLDER
from tests.reading_home import HOSTILE

_LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
)
FORMS: tuple[bytes, ...] = (
    *(text.encode("utf-8", "surrogatepass") for text in FILES),
    b"\xff\xfe",
    *(
        f"{begun}{_LAUGHS}{end}".encode()
        for begun in ("", "- name: &n [x]\n")
        for end in ("", "outlets: *i", "persons: *i")
    ),
)
Structure = Any


@dataclass(frozen=True, slots=True)
class HostileFile:
    """``name``: in the home folder. ``sound``: what it may hold. ``write``: that as text."""

    name: str
    sound: Structure
    write: Callable[[Structure], str]

    def made(self, chance: random.Random) -> bytes:
        """One that is changed in what it says, or in its bytes."""
        held = copy.deepcopy(self.sound)
        if chance.random() < 0.25:
            return mutated(self.write(held).encode(), chance.randrange(2**32))
        for _ in range(chance.choice((1, 1, 2, 4))):
            held = changed(held, chance)
        return self.write(held).encode("utf-8", "surrogatepass")


def hostile_text(chance: random.Random, most: int = 5) -> str:
    """A few words of news, hostile characters, markup and formulas."""
    drawn: list[str] = []
    for _ in range(chance.randint(1, most)):
        kind = chance.random()
        if kind < 0.4:
            drawn.append(" ".join(chance.choice(fragments()).split()[: chance.randint(1, 6)]))
        elif kind < 0.75:
            drawn.append(chance.choice(CHARACTERS))
        else:
            drawn.append(chance.choice(HOSTILE[:-1]))
    return chance.choice(("", " ", "\n")).join(drawn)


def wild(chance: random.Random) -> Structure:
    """A value of no wanted kind."""
    kind = chance.random()
    if kind < 0.3:
        return hostile_text(chance)
    return chance.choice((date(1, 1, 1), 10**30, "x" * 50_000)) if kind < 0.4 else chance.choice(DATA["wild"])


def changed(held: Structure, chance: random.Random) -> Structure:
    """The structure with one place of it another one."""
    if isinstance(held, dict) and held and chance.random() < 0.9:
        name = chance.choice(list(held))
        what = chance.random()
        if what < 0.1:
            held.pop(name)
        elif what < 0.2:
            held[chance.choice((hostile_text(chance, 2), name.upper() if isinstance(name, str) else 0))] = (
                held.pop(name)
            )
        else:
            held[name] = changed(held[name], chance)
        return held
    if isinstance(held, list) and held and chance.random() < 0.9:
        at = chance.randrange(len(held))
        if chance.random() < 0.1:
            return held + [held[at]] * chance.choice((1, 50))
        held[at] = changed(held[at], chance)
        return held
    return wild(chance)


def _yaml(held: Structure) -> str:
    return str(yaml.safe_dump(held, allow_unicode=True))


def _json(held: Structure) -> str:
    try:
        return json.dumps(held, ensure_ascii=False, default=str)
    except ValueError:  # it holds itself, as YAML can
        return repr(held)


def _lines(held: Structure) -> str:
    return "\n".join(_json(row) for row in held) if isinstance(held, list) else _json(held)


def _csv(held: Structure) -> str:
    rows = [row for row in held if isinstance(row, dict)] if isinstance(held, list) else []
    names = list(dict.fromkeys(str(name) for row in rows for name in row)) or ["name"]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({str(name): value for name, value in row.items()} for row in rows)
    return out.getvalue()


def _toml(held: Structure) -> str:
    """A table in TOML, values in JSON's form, which mostly is its, too; tables last."""
    if not isinstance(held, dict):
        return f"a = {_json(held)}"
    plain = {name: value for name, value in held.items() if not isinstance(value, dict)}
    lines = [
        f"{_json(str(name))} = {value if isinstance(value, date) else _json(value)}"
        for name, value in plain.items()
    ]
    for name, value in held.items():
        if isinstance(value, dict):
            lines += [
                f"[{_json(str(name))}]",
                *(f"{_json(str(one))} = {_json(other)}" for one, other in value.items()),
            ]
    return "\n".join(lines) + "\n"


def _officials() -> list[dict[str, Any]]:
    lines = (FOLDER / "marlshire" / "officials.jsonl").read_text(encoding="utf-8").splitlines()[:6]
    return [json.loads(line) for line in lines]


def hostile_files() -> tuple[HostileFile, ...]:
    """The files of a home folder, each with what it may hold."""
    sound = DATA["sound"]
    outlets = yaml.safe_load((FOLDER / "outlets.yaml").read_text(encoding="utf-8"))[:3]
    outlets[0] |= sound["outlet"]
    return (
        HostileFile("outlets.yaml", outlets, _yaml),
        HostileFile("officials.jsonl", _officials(), _lines),
        HostileFile("officials.csv", _officials(), _csv),
        HostileFile("officials.yaml", {"officials": _officials()}, _yaml),
        HostileFile("officials.json", sound["popolo"], _json),
        HostileFile("subscriptions.yaml", sound["subscriptions"], _yaml),
        HostileFile("settings.toml", sound["settings"], _toml),
    )


def write(home: Path, name: str, body: bytes) -> None:
    """Lay the file into a home folder that has no other of its kind."""
    for other in home.glob(f"{name.partition('.')[0]}.*"):
        other.unlink()
    (home / name).write_bytes(body)
