"""The command line: documented, clear when misused, and never a traceback."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from flows.cli.app import COMMANDS, main, said

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def leaves(group: click.Group, prefix: str = "") -> list[tuple[str, click.Command]]:
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        full = f"{prefix}{name}"
        found += leaves(command, f"{full} ") if isinstance(command, click.Group) else [(full, command)]
    return found


@pytest.mark.parametrize(("name", "command"), leaves(said))
def test_every_command_is_documented(name: str, command: click.Command) -> None:
    assert command.help, f"said {name} has no help"
    assert re.search(rf"`(said )?{name}\b", README), f"README.md does not name said {name}"
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, f"said {name} {option.opts} has no help"


def run(*arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0), ""


def test_unknown_command_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = run("frobnicate")
    assert code == 2
    assert "frobnicate" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [name for name in COMMANDS if name in ("search", "pledges", "status", "verify")]
)
def test_readers_without_a_warehouse_say_what_to_do(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = run("--home", str(tmp_path), command)
    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (2, 1)
    assert "said run" in error


def test_a_corrupt_warehouse_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"no database" * 100)
    code, _ = run("--home", str(tmp_path), "pledges")
    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (2, 1)
    assert "said rebuild" in error


def test_a_missing_register_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"id": "1", "text": "x"}\n', encoding="utf-8")
    out = tmp_path / "out.jsonl"
    code, _ = run(
        "annotate", "--input", str(lines), "--output", str(out), "--officials", str(tmp_path / "none.yaml")
    )
    assert code == 2
    assert "none.yaml" in capsys.readouterr().err
    assert not out.exists()


def test_broken_lines_are_counted_and_the_rest_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_bytes(
        b'{"id": "1", "text": "The mayor, Jo Shaw, said: \\"We will open the library by May 2027.\\""}\n'
        b'not json\n[1]\n{"id": 2, "text": "x"}\n\xff\xfe\n'
        + b"[" * 100_000
        + b"\n"
        + b'{"id": "3", "text": ""}\n'
    )
    out = tmp_path / "out.jsonl"
    code, _ = run("--home", str(tmp_path), "annotate", "--input", str(lines), "--output", str(out))
    error = capsys.readouterr().err
    assert code == 1
    assert "in.jsonl:2" in error
    assert "not json" in error
    assert "missing field" in error
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


def test_the_command_starts_without_loading_models() -> None:
    script = (
        "import sys; from flows.cli.app import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('duckdb', 'torch', 'spacy', 'prefect', 'scrapy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_who_has_seen_enough_is_no_fault_of_ours(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("The baths at Lime Grove were busy.", encoding="utf-8")
    script = (
        "import os, sys; from flows.cli.app import main\n"
        "read, write = os.pipe(); os.close(read); os.dup2(write, 1)\n"
        "main(['--home', sys.argv[1], 'add', '--look', sys.argv[1] + '/note.txt', '--publisher', 'Ann Lee'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (141, "")
    assert not (tmp_path / "data").exists()


def test_the_list_of_commands_tells_what_each_command_tells() -> None:
    for name, (_, told) in COMMANDS.items():
        command = said.get_command(click.Context(said), name)
        assert command and command.help
        assert command.help.partition("\n\n")[0] == told


def test_wrong_use_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = run("annotate", "--input", str(tmp_path / "absent.jsonl"), "--output", str(tmp_path / "out"))
    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (2, 1)
    assert "absent.jsonl" in error and "--help" in error


def test_an_argument_that_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = run("--home", str(tmp_path), "search", "caf\udce9")
    assert (code, capsys.readouterr().err) == (2, "said: 'caf\\udce9' is no text: give it as UTF-8\n")


def test_a_fault_of_ours_is_a_line_also_where_it_cannot_be_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeyError("\ud800 a")

    monkeypatch.setattr("flows.cli.run.backups.backup", fails)
    assert run("--home", str(tmp_path), "backup")[0] == 2
    assert "details are in" in capsys.readouterr().err
    (tmp_path / "data" / "errors.log").unlink()
    (tmp_path / "data" / "errors.log").mkdir()
    assert run("--home", str(tmp_path), "backup")[0] == 2
    told = capsys.readouterr().err
    assert "details could not be kept in" in told and told.count("\n") == 1


def test_the_line_of_a_token_can_be_read_whatever_the_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = 'Ann "the\\pen" \x7f\tLee'
    assert run("--home", str(tmp_path), "editors", "token", "--", name)[0] == 0
    assert list(tomllib.loads(capsys.readouterr().out.partition("\n\n")[2])["tokens"]) == [name]
