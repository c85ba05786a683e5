from __future__ import annotations

from pathlib import Path

from engine.core.identity import EditDraft
from tests.seeded import Seeds, open_engine


def test_whom_lines_were_about_when_they_were_said(tmp_path: Path) -> None:
    with open_engine(tmp_path) as engine:
        seeds = Seeds(engine)
        run = seeds.run(seeds.footage(), people=2, pictures=False)
        late = engine.answers.people(run.id)[0].presence[1].tracklet
        split = engine.identity.apply(EditDraft("split", run.id, "P1", tracklets=(late,)), "Kim")
        named = engine.identity.apply(EditDraft("rename", run.id, "P3", name="Mina"), "Kim")
        merged = engine.identity.apply(EditDraft("merge", run.id, "P3", "P1"), "Kim")
        told = engine.identity.mentions(run.id)
        assert [(one.label, one.name, one.now) for one in told[split.id]] == [("P1", "", "P1")]
        assert [(one.label, one.name, one.now) for one in told[named.id]] == [("P3", "", "P1")]
        assert [(one.label, one.name, one.now) for one in told[merged.id]] == [("P3", "Mina", "P1"), ("P1", "", "P1")]
        undone = engine.identity.undo(run.footage, "Kim")
        told = engine.identity.mentions(run.id)
        assert undone is not None
        assert undone.id not in told
        assert [(one.label, one.now) for one in told[merged.id]] == [("P3", "P3"), ("P1", "P1")]


def test_people_of_other_footage(tmp_path: Path) -> None:
    with open_engine(tmp_path) as engine:
        seeds = Seeds(engine)
        hall, shop = (seeds.run(seeds.footage(name), people=2, pictures=False) for name in ("hall.mp4", "shop.mp4"))
        line = engine.identity.apply(EditDraft("merge", hall.id, "P2", "P1", other_run=shop.id))
        for run in (hall, shop):
            found = engine.identity.mentions(run.id)[line.id]
            assert [(one.footage, one.label) for one in found] == [(hall.footage, "P2"), (shop.footage, "P1")]
