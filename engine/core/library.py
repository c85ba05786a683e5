"""What people say about their footage, and what the library knows of it: frozen rows.

Owns: the rules for tags, cameras, start times and notes. May import: `engine.core`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.core.errors import FootageError
from engine.core.views import FootageView, JobView

MOST_TAGS = 20
LONGEST_TAG = 40
LONGEST_CAMERA = 80
LONGEST_NOTE = 2000
YEARS = (1970, 2199)
"""Years a recording may have begun in; others are slips of the keyboard."""


@dataclass(frozen=True, slots=True)
class FootageDetails:
    """What somebody said about one piece of footage; all of it may be empty.

    Blanks around are dropped, and a tag that differs only in case from an earlier one is dropped too.

    Attributes:
        tags: at most `MOST_TAGS`, each at most `LONGEST_TAG` characters, none with a comma.
        camera: name of the camera.
        start_utc: ISO 8601 start of the recording in UTC; "" leaves what the file's metadata says.
        zone: IANA name of the zone on whose clock its times are shown; "" for the reader's own.
        note: free text.

    Raises:
        FootageError: kind "bad-tag", "bad-camera", "bad-start", "bad-zone" or "bad-note".
    """

    tags: tuple[str, ...] = ()
    camera: str = ""
    start_utc: str = ""
    zone: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", _tags(self.tags))
        object.__setattr__(self, "camera", _line("camera", self.camera, LONGEST_CAMERA))
        object.__setattr__(self, "start_utc", _utc(self.start_utc) if self.start_utc.strip() else "")
        object.__setattr__(self, "zone", check_zone(self.zone) if self.zone.strip() else "")
        note = unicodedata.normalize("NFC", self.note).strip()
        if len(note) > LONGEST_NOTE:
            raise FootageError(f"The note is longer than {LONGEST_NOTE} characters. Shorten it.", kind="bad-note")
        object.__setattr__(self, "note", note)


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One piece of footage as the library shows it.

    Attributes:
        footage: the footage.
        details: what people say about it.
        job: its newest job, None where there was none.
        run: id of its newest finished run, "" where there is none.
        profile: of that run, "" likewise.
        finished_utc: of that run, "" likewise.
        runs: number of finished runs.
        people: persons of the newest run, None where there is none.
        poster: there is a poster picture.
        thumbs: number of pictures of the strip; they are called thumbs/0.jpg and so on.
    """

    footage: FootageView
    details: FootageDetails
    job: JobView | None
    run: str
    profile: str
    finished_utc: str
    runs: int
    people: int | None
    poster: bool
    thumbs: int

    @property
    def start_utc(self) -> str:
        """When the recording began: as somebody said, else as the metadata says, else ""."""
        return self.details.start_utc or self.footage.media.recorded_utc


@dataclass(frozen=True, slots=True)
class Holdings:
    """What goes when footage is removed.

    Attributes:
        original: bytes of the uploaded file; 0 where the file lies elsewhere and stays.
        playback: bytes of the playback copy, 0 where there is none.
        pictures: number of posters, thumbnails and pictures of people.
        pictures_bytes: their size.
        runs: finished analyses.
        others: bytes of everything else kept of it, such as what detection found.
    """

    original: int
    playback: int
    pictures: int
    pictures_bytes: int
    runs: int
    others: int


class Outcome(StrEnum):
    """What became of a file that was found in a folder."""

    ADDED = "added"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file that was looked at.

    Attributes:
        path: absolute.
        outcome: what became of it.
        footage: id of the footage, "" where it was refused.
        kind: of the `FootageError` where it was refused, else "".
        sentence: why it was refused, else "".
    """

    path: str
    outcome: Outcome
    footage: str
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FolderView:
    """A folder (or one large file) that is taken in once, or watched for new files.

    Attributes:
        id: ascending number.
        path: absolute.
        profile: new footage is analysed with it.
        watched: new files are taken in as they come; else it is read once.
        found: files with a footage's name that lie there, as of the last look.
        waiting: those that are not complete yet or whose turn has not come.
        added: files that became new footage.
        known: files that were in the library already.
        refused: files that cannot be used; `Library.refused` says why.
        problem: kind of what keeps the folder from being read ("missing", "outside", "no-permission"), "" if nothing.
        looked_utc: ISO 8601 time of the last look that found something else than the one before, "" before the first.
        done: it was to be read once, and that is over.
    """

    id: int
    path: str
    profile: str
    watched: bool
    found: int
    waiting: int
    added: int
    known: int
    refused: int
    problem: str
    looked_utc: str
    done: bool


def parse_start(text: str, zone: str) -> str:
    """The instant somebody typed, such as "2026-11-20 18:41:05", on the clock of a zone.

    Args:
        text: ISO 8601 date and time, with or without seconds; an offset in it outranks the zone. Blank gives "".
        zone: IANA name; may be "" where `text` has an offset.

    Returns:
        ISO 8601 in UTC. Of an hour that the clock goes through twice, the first.

    Raises:
        FootageError: kind "bad-start": not a date and time, or one that the zone's clock never showed; kind "bad-zone".
    """
    if not text.strip():
        return ""
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise _bad_start(text) from error
    if not any(mark in text.strip() for mark in (" ", "T", "t")):
        raise _bad_start(text)
    if typed.tzinfo is None:
        if not zone.strip():
            raise FootageError(
                "A start time needs the zone of the camera's clock. Choose the zone, or leave the time empty.",
                kind="bad-zone",
            )
        typed = typed.replace(tzinfo=ZoneInfo(check_zone(zone)))
        try:
            there_and_back = typed.astimezone(UTC).astimezone(typed.tzinfo)
        except OverflowError as error:
            raise _bad_start(text) from error
        if there_and_back.replace(tzinfo=None) != typed.replace(tzinfo=None):
            raise FootageError(
                f"{text.strip()} never happened in {zone}: the clocks were put forward over it. Check the hour.",
                kind="no-such-hour",
            )
    return _utc(typed.isoformat())


def check_zone(zone: str) -> str:
    """The name of a zone without blanks around, if there is such a zone.

    Raises:
        FootageError: kind "bad-zone".
    """
    name = zone.strip()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise FootageError(
            f"{name!r} is no time zone. Name one as Area/City, such as Asia/Seoul or Europe/Berlin.", kind="bad-zone"
        ) from error
    return name


def _utc(text: str) -> str:
    try:
        instant = datetime.fromisoformat(text.strip())
        if instant.tzinfo is None:
            raise _bad_start(text)
        instant = instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _bad_start(text) from error
    if not YEARS[0] <= instant.year <= YEARS[1]:
        raise _bad_start(text)
    return instant.isoformat(timespec="milliseconds" if instant.microsecond else "seconds")


def _bad_start(text: str) -> FootageError:
    return FootageError(
        f"{text.strip()!r} is no date and time. Write it as 2026-11-20 18:41 or 2026-11-20 18:41:05.", kind="bad-start"
    )


def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for tag in tags:
        clean = _line("tag", tag, LONGEST_TAG)
        if "," in clean:
            raise FootageError(f"“{clean}” has a comma in it. Write it as two tags.", kind="bad-tag")
        if clean:
            kept.setdefault(clean.casefold(), clean)
    if len(kept) > MOST_TAGS:
        raise FootageError(f"There are {len(kept)} tags; at most {MOST_TAGS} are kept. Take some out.", kind="bad-tag")
    return tuple(kept.values())


def _line(what: str, text: str, longest: int) -> str:
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if len(clean) > longest:
        shown = clean[:longest]
        raise FootageError(f"“{shown}…” is longer than {longest} characters. Shorten the {what}.", kind=f"bad-{what}")
    if not clean.isprintable():
        raise FootageError(f"The {what} holds characters that cannot be shown. Type it again.", kind=f"bad-{what}")
    return clean
