"""Stretches as an ELAN document: a tier for each person and channel.

May import: `engine.core`, `engine.export`.
"""

from __future__ import annotations

import json
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from engine.core.findings import Findings
from engine.core.labels import CHANNELS, EMOTIONS, GESTURES, POSTURES, UNKNOWN
from engine.export.files import replace_with
from engine.export.provenance import provenance
from engine.export.stretches import IN_VIEW, PRESENCE, Stretch, stretches

VOCABULARIES = {
    PRESENCE: (IN_VIEW,),
    "posture": (*POSTURES, UNKNOWN),
    "gesture": GESTURES,
    "emotion": (*EMOTIONS, UNKNOWN),
}
"""Channel -> the labels it can have; a video network brings its own words to "activity"."""

LANGUAGE = "eng"


def write_eaf(findings: Findings, path: Path) -> None:
    """Write an ELAN document whose media is the footage's own file, where it lies.

    Times are whole milliseconds, ELAN's unit; a stretch shorter than one is left out. Gestures may overlap, which a
    tier of ELAN's cannot hold: each has a tier of its own.

    Raises:
        ExportError: the file cannot be written.

    Source: ELAN Annotation Format 3.0 (Max Planck Institute for Psycholinguistics), written by pympi.
    """
    # Only this format needs it.
    from pympi.Elan import Eaf

    document = Eaf(author="Sightline")
    document.adocument["DATE"] = findings.run.finished_utc
    document.remove_tier("default")
    document.remove_linguistic_type("default-lt")
    source = Path(findings.footage.path)
    document.add_linked_file(source.as_uri(), relpath=source.name, mimetype=guess_type(source.name)[0] or "video/mp4")
    about = provenance(findings, time_base="milliseconds from the start of the stream")
    for key, value in about.items():
        document.add_property(f"sightline.{key}", value if isinstance(value, str) else json.dumps(value))
    _add_types(document)
    tiers: dict[tuple[str, str], list[Stretch]] = {}
    for one in stretches(findings):
        tier = f"{one.person.label} {one.channel}" + (f" {one.label}" if one.channel == "gesture" else "")
        tiers.setdefault((tier, one.channel), []).append(one)
    for (tier, channel), found in tiers.items():
        document.add_tier(tier, ling=channel, part=found[0].person.name or found[0].person.label)
        for one in found:
            start, end = round(one.start_s * 1000), round(one.end_s * 1000)
            if end > start:
                document.add_annotation(tier, start, end, one.label)
    replace_with(path, lambda part: document.to_file(str(part)))


def _add_types(document: Any) -> None:
    """A linguistic type for each channel, its labels as a controlled vocabulary where they are known beforehand."""
    document.add_language(LANGUAGE, "http://cdb.iso.org/lg/CDB-00138502-001", "English (eng)")
    for channel in (PRESENCE, *CHANNELS):
        labels = VOCABULARIES.get(channel)
        if labels is None:
            document.add_linguistic_type(channel)
            continue
        document.add_controlled_vocabulary(channel)
        for number, label in enumerate(labels):
            document.add_cv_entry(channel, f"{channel}-{number}", [(label, LANGUAGE, None)])
        document.add_linguistic_type(channel)
        document.linguistic_types[channel]["CONTROLLED_VOCABULARY_REF"] = channel
