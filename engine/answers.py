"""What analyses found, as pages, the command line and exports ask for it.

May import: `engine.anomalies`, `engine.core`, `engine.identities`, `engine.search`, `engine.store`.
"""

from __future__ import annotations

import hashlib

import numpy as np

from engine.anomalies import Anomalies
from engine.core.clothing import PersonClothing
from engine.core.config import Settings
from engine.core.faces import FaceReadings
from engine.core.findings import Findings
from engine.core.identity import EditDraft
from engine.core.segments import Segments
from engine.core.types import Tracklet
from engine.core.views import FaceCropView, FootageView, PersonView, RunView
from engine.identities import Identities
from engine.search.votes import vote
from engine.store.clothing import ClothingTable
from engine.store.database import Database
from engine.store.recognition import RecognitionTable
from engine.store.results import ResultTable


class Answers:
    """Reads the results of runs, and takes down what analysts say of them.

    Where emotion analysis is switched off on this site, what earlier analyses read in faces is not shown either.

    Args:
        database: the store.
        settings: whether emotions are shown.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._results = ResultTable(database)
        self._recognition = RecognitionTable(database)
        self._clothing = ClothingTable(database)
        self._anomalies = Anomalies(database)
        self._emotions = settings.emotions
        self._identities = Identities(database)

    def run(self, run: str) -> RunView:
        """A finished run, with the models that made it.

        Raises:
            StoreError: there is none.
        """
        return self._results.run(run)

    def people(self, run: str) -> tuple[PersonView, ...]:
        """Persons of a run in order of first appearance."""
        return self._results.people(run)

    def tracklets(self, run: str) -> list[Tracklet]:
        """All boxes and landmarks of a run, by tracklet number; tracklets that an analyst cut as their pieces."""
        key = next(one.key for one in self._results.run(run).stages if one.name == "track")
        return self._results.cuts(run).tracklets(self._results.tracklets(key))

    def relabelled(self, run: str) -> str:
        """Something short that is the same as long as everybody is who they are now; "" where all are as linking said.

        Names do not matter.
        """
        key = next((one.key for one in self._results.run(run).stages if one.name == "link"), "")
        if not key:
            return ""
        linked, stands = (
            [(each.label, each.tracklets) for each in read(key)] for read in (self._results.linked, self._results.links)
        )
        return "" if linked == stands else hashlib.sha256(repr(stands).encode()).hexdigest()[:8]

    def findings(self, footage: FootageView, run: RunView) -> Findings:
        """Everything a run found."""
        people, tracklets = self.people(run.id), tuple(self.tracklets(run.id))
        events = self._anomalies.of_run(run.id)
        return Findings(footage, run, people, tracklets, self.segments(run.id), self.clothing(run.id), events)

    def clothing(self, run: str) -> dict[str, PersonClothing] | None:
        """What the people of a run wear, by label; None where nobody ever read it."""
        readings = self._clothing.readings(run)
        if readings is None:
            return None
        captions = self._clothing.captions(run)
        worn = {}
        for person in self.people(run):
            numbers = [stretch.tracklet for stretch in person.presence]
            told = (captions.get((crop.tracklet, crop.rank), "") for crop in person.crops)
            worn[person.label] = PersonClothing(vote(readings, numbers), next(filter(None, told), ""))
        return worn

    def segments(self, run: str) -> Segments:
        """Actions and emotions of a run by tracklet, channel and start; empty where nothing was recognised."""
        segments = self._recognition.segments(run)
        if self._emotions:
            return segments
        return segments[np.array([channel != "emotion" for channel in segments.channels], np.bool_)]

    def readings(self, run: str) -> dict[int, FaceReadings]:
        """What was read in faces, by tracklet number; empty where emotions are switched off."""
        return self._recognition.readings(run) if self._emotions else {}

    def face_crops(self, run: str) -> tuple[FaceCropView, ...]:
        """Face pictures behind the emotions of a run, by tracklet and time; empty where they are switched off."""
        return self._recognition.face_crops(run) if self._emotions else ()

    def rename(self, run: str, label: str, name: str, author: str = "") -> None:
        """Name a person, in this analysis and in all others of the same footage; "" takes the name away.

        Args:
            run: id of the run.
            label: of the person in it.
            name: what they are called from now on.
            author: who says so.

        Raises:
            ConfigError: the name is too long or holds control characters.
            StoreError: there is no such run or person.
        """
        if (label, name.strip()) not in {(person.label, person.name) for person in self.people(run)}:
            self._identities.apply(EditDraft("rename", run, label, name=name), author)
