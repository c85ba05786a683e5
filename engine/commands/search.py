"""The command that finds people by what they wear. May import: `engine.api`, `engine.core`, `engine.export`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.api import Engine
from engine.commands.output import put, say
from engine.core.clothing import SlotVote
from engine.core.errors import ConfigError
from engine.core.search import (
    AGREES,
    CONTRADICTS,
    NOT_VISIBLE,
    Chip,
    Evidence,
    SearchAnswer,
    SearchConfig,
    SearchHit,
)
from engine.export.clothing import slots_entry

_SIGNS = {AGREES: "+", CONTRADICTS: "-", NOT_VISIBLE: "?"}


def search(arguments: argparse.Namespace) -> int:
    """Find people in the newest analysis of each footage; with `--json` one JSON value and nothing else."""
    if arguments.watch and not arguments.save:
        raise ConfigError("--watch goes with --save NAME: only a search that is kept is made again for new footage.")
    with Engine(arguments.settings) as engine:
        if arguments.saved_list:
            return _saved(engine, as_json=arguments.json)
        text, config = arguments.text, _config(engine, arguments)
        if arguments.saved:
            text, config = _of_saved(engine, arguments.saved, config, arguments)
        if arguments.picture is not None:
            answer = engine.search.similar_to_picture(_bytes(arguments.picture), config, by="command")
        elif text:
            answer = engine.search.find(text, config, by="command")
        else:
            raise ConfigError("Say what people wear, or name a saved search with --saved or a picture with --picture.")
        if arguments.save:
            engine.search.save(arguments.save, text, config, watched=arguments.watch)
        if arguments.csv is not None:
            engine.search.export_csv(answer, arguments.csv)
        sizes = {view.id: view.sha256 for view in engine.list_footage()}
        crops = {hit.rank: engine.settings.media / sizes[hit.footage] / hit.crop.file for hit in answer.hits}
    if arguments.json:
        put([_entry(hit, crops[hit.rank]) for hit in answer.hits])
    else:
        _tell(answer)
    return 0


def _config(engine: Engine, arguments: argparse.Namespace) -> SearchConfig:
    given: dict[str, Any] = {
        name: getattr(arguments, name)
        for name in ("top", "min_person_score", "min_score", "sample_s", "min_seen_s", "action", "emotion", "anomaly")
        if getattr(arguments, name) is not None
    }
    if arguments.footage:
        given["footage"] = tuple(engine.footage(each).id for each in arguments.footage)
    if arguments.camera:
        given["cameras"] = tuple(arguments.camera)
    if arguments.hours:
        given["from_hour"], given["to_hour"] = _hours(arguments.hours)
    return replace(SearchConfig(top=5), **given)


def _hours(text: str) -> tuple[float, float]:
    """Hours since midnight of words such as 22:30-6."""
    try:
        start, end = ([*each.split(":"), "0"] for each in text.split("-"))
        return tuple(int(each[0]) + int(each[1]) / 60 for each in (start, end))  # type: ignore[return-value]
    except ValueError as error:
        raise ConfigError(f"{text!r} are no hours of a day. Write them as 9-17, or as 22:30-6:00.") from error


def _of_saved(
    engine: Engine, name: str, config: SearchConfig, arguments: argparse.Namespace
) -> tuple[str, SearchConfig]:
    """A saved search; what was given on the command line goes before what was saved."""
    found = next((each for each in engine.search.saved() if name in (each.name, str(each.id))), None)
    if found is None:
        raise ConfigError(f"There is no saved search {name!r}. `python -m engine search --saved-list` names them.")
    plain = SearchConfig(top=5)
    changed = {key: value for key, value in config.to_dict().items() if value != getattr(plain, key)}
    if arguments.top is None:
        changed.pop("top", None)
    return found.text, replace(found.config, **changed)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}. Check the path.") from error


def _saved(engine: Engine, *, as_json: bool) -> int:
    rows = [
        {"id": each.id, "name": each.name, "text": each.text, "watched": each.watched, "found": each.found}
        for each in engine.search.saved()
    ]
    if as_json:
        put(rows)
        return 0
    if not rows:
        say('No search is saved yet. `python -m engine search "red shirt" --save NAME` saves one.')
    for row in rows:
        watched = f"watched, {row['found']} new" if row["watched"] else ""
        put(f"{row['id']:>4}  {row['name']}  {row['text']!r}  {watched}".rstrip())
    return 0


def _entry(hit: SearchHit, crop: Path) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "footage": hit.footage,
        "person": hit.person,
        "t": round(hit.t, 6),
        "score": round(hit.score, 4),
        "crop": str(crop),
        "slots": slots_entry(hit.slots),
        "caption": hit.caption or None,
        "name": hit.name or None,
        "run": hit.run,
        "similarity": round(hit.similarity, 4),
        "matching": None if hit.matching is None else round(hit.matching, 4),
        "tier": hit.tier,
        "evidence": [
            {"chip": each.chip, "verdict": each.verdict, "score": round(each.score, 4), "seen": each.seen or None}
            for each in hit.evidence
        ],
    }


def _tell(answer: SearchAnswer) -> None:
    """The answer for people: results to standard output, all about them to standard error."""
    _tell_query(answer)
    for hit in answer.hits:
        who = f"{hit.person} ({hit.name})" if hit.name else hit.person
        put(f"{hit.rank:>3}  {hit.score:.3f}  {who:<8}  {hit.t:>9.1f} s  {hit.footage}  {hit.footage_name}")
        for each in hit.evidence:
            put(f"       {_SIGNS[each.verdict]} {_fits(answer.understood.chips[each.chip], each, hit)}")
        if not hit.evidence:
            put(f"         {_worn(hit.slots)}")
        if hit.caption:
            put(f"         “{hit.caption}”")
    if not answer.hits:
        say(f"Nobody found among {answer.considered} people.")
    if answer.below:
        say(f"{answer.below} of {answer.considered} people are under the least score.")


def _tell_query(answer: SearchAnswer) -> None:
    asked = answer.understood
    if asked.unknown:
        say(f"Not understood: {', '.join(asked.unknown)}")
    if asked.text and not asked.chips:
        say("Nothing of this was understood. Name clothes and colours, such as: black shirt, 청바지, no hat.")
    if answer.english:
        say(f"Asked of the pretrained network: {answer.english}")
    if answer.unread:
        say(f"Left out, no clothes were read yet in: {', '.join(answer.unread)}")
    if answer.undated:
        say(f"Left out, nobody knows the start of: {', '.join(answer.undated)}")


def _fits(chip: Chip, evidence: Evidence, hit: SearchHit) -> str:
    words = " ".join(word for word in ("no" if chip.negated else "", chip.shade, chip.value) if word)
    if evidence.verdict == NOT_VISIBLE:
        in_view = any(slot.region == chip.region and slot.visible > 0 for slot in hit.slots)
        return f"{words}: {'cannot be told' if in_view else 'not visible'}"
    return f"{words}: {f'seen: {evidence.seen}' if evidence.seen else evidence.verdict}"


def _worn(slots: tuple[SlotVote, ...]) -> str:
    told = [f"{slot.region}: {' and '.join(name for name, _ in slot.colours)}" for slot in slots if slot.colours]
    return "; ".join(told) or "nothing could be made out"
