"""The people whom a search found, as a table for spreadsheets. May import: `engine.core`, `engine.export`."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from engine.core.search import AGREES, CONTRADICTS, NOT_VISIBLE, Chip, SearchAnswer, SearchHit
from engine.export.csv import plain
from engine.export.files import write_atomically

COLUMNS = (
    "rank",
    "footage",
    "footage_name",
    "run",
    "person",
    "name",
    "t_s",
    "score",
    "similarity",
    "matching",
    "tier",
    "agrees",
    "contradicts",
    "not_visible",
    "caption",
    "crop",
)


def hits_text(answer: SearchAnswer) -> str:
    """The table as text: a line for each person, best first.

    Source: RFC 4180.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for hit in answer.hits:
        table.writerow(_row(answer.understood.chips, hit))
    return out.getvalue()


def write_hits(answer: SearchAnswer, path: Path) -> None:
    """Write the table.

    Raises:
        ExportError: the file cannot be written.
    """
    write_atomically(path, hits_text(answer))


def _row(chips: tuple[Chip, ...], hit: SearchHit) -> list[Any]:
    return [
        hit.rank,
        hit.footage,
        plain(hit.footage_name),
        hit.run,
        hit.person,
        plain(hit.name),
        round(hit.t, 6),
        round(hit.score, 4),
        round(hit.similarity, 4),
        "" if hit.matching is None else round(hit.matching, 4),
        hit.tier,
        *(plain(_told(chips, hit, verdict)) for verdict in (AGREES, CONTRADICTS, NOT_VISIBLE)),
        plain(hit.caption),
        hit.crop.file,
    ]


def _told(chips: tuple[Chip, ...], hit: SearchHit, verdict: str) -> str:
    """What was asked for that fits so, each with what was seen where that is something else."""
    told = []
    for each in hit.evidence:
        if each.verdict != verdict:
            continue
        chip = chips[each.chip]
        asked = " ".join(word for word in ("no" if chip.negated else "", chip.region, chip.shade, chip.value) if word)
        told.append(f"{asked} (seen: {each.seen})" if each.seen and each.seen != chip.value else asked)
    return "; ".join(told)
