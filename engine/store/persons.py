"""Persons: as linking made them, which nothing changes, and as they stand after all that analysts said.

Within a transaction that the caller holds. A person that linking made keeps its row's id for good; others are numbered
below zero, so that what was undone leaves no trace.
Owns: the tables `linked`, `linked_tracklets`, `persons` and `person_tracklets`. May import: `engine.core`,
`engine.store`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.core.cuts import Cuts, StandingPerson
from engine.core.identity import PIECE
from engine.core.types import PersonLink
from engine.store.sqlite import Connection


def put_linked(connection: Connection, key: str, links: Sequence[PersonLink], tracklets_key: str) -> None:
    """Write what linking said, and that it stands."""
    connection.execute("DELETE FROM linked WHERE stage = ?", [key])
    connection.execute("DELETE FROM persons WHERE stage = ?", [key])
    for position, link in enumerate(links):
        person = connection.execute(
            "INSERT INTO linked (stage, position, label, score) VALUES (?, ?, ?, ?)",
            [key, position, link.label, link.score],
        ).lastrowid
        connection.conn.executemany(
            "INSERT INTO linked_tracklets (linked, position, tracklets_key, number) VALUES (?, ?, ?, ?)",
            [(person, place, tracklets_key, number) for place, number in enumerate(link.tracklets)],
        )
    connection.execute(
        "INSERT INTO persons (id, stage, position, label, score) "
        "SELECT id, stage, position, label, score FROM linked WHERE stage = ?",
        [key],
    )
    connection.execute(
        "INSERT INTO person_tracklets (person, position, tracklets_key, number) "
        "SELECT linked, linked_tracklets.position, tracklets_key, number FROM linked_tracklets "
        "JOIN linked ON linked.id = linked WHERE stage = ?",
        [key],
    )


def put_persons(connection: Connection, key: str, persons: Sequence[StandingPerson], tracklets_key: str) -> None:
    """Write the persons of a stage as they stand, in place of what stood."""
    ids = dict(connection.execute("SELECT label, id FROM linked WHERE stage = ?", [key]).fetchall())
    first = min(ids.values(), default=1)
    connection.execute("DELETE FROM persons WHERE stage = ?", [key])
    for position, person in enumerate(persons):
        # Rows of linking are numbered from 1 up, so no two stages come to the same one.
        row = ids.get(person.label, -(first * PIECE + position))
        connection.execute(
            "INSERT INTO persons (id, stage, position, label, score, name) VALUES (?, ?, ?, ?, ?, ?)",
            [row, key, position, person.label, person.score, person.name],
        )
        connection.conn.executemany(
            "INSERT INTO person_tracklets (person, position, tracklets_key, number, piece, from_s, until_s, first_s, "
            "last_s, seen, score) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, place, tracklets_key, piece.number, piece.place, piece.from_s, piece.until_s)
                + ((None,) * 4 if piece.whole else (piece.first_s, piece.last_s, piece.seen, piece.score))
                for place, piece in enumerate(person.pieces)
            ],
        )


def linked_of(connection: Connection, key: str) -> tuple[PersonLink, ...]:
    """What linking said, in its order."""
    sql = (
        "SELECT label, score, number FROM linked JOIN linked_tracklets ON linked = linked.id "
        "WHERE stage = ? ORDER BY linked.position, linked_tracklets.position"
    )
    numbers: dict[tuple[str, float], list[int]] = {}
    for label, score, number in connection.execute(sql, [key]).fetchall():
        numbers.setdefault((label, score), []).append(number)
    return tuple(PersonLink(label, tuple(each), score) for (label, score), each in numbers.items())


def links_of(connection: Connection, key: str) -> tuple[PersonLink, ...]:
    """Persons of a stage as they stand, in their order; of cut tracklets the numbers of the pieces."""
    persons = list(connection.query("SELECT * FROM persons WHERE stage = ? ORDER BY position", [key]))
    members = members_of(connection, key)
    return tuple(
        PersonLink(each["label"], tuple(row["number"] for row in members.get(each["id"], ())), each["score"])
        for each in persons
    )


def members_of(connection: Connection, key: str) -> dict[int, list[dict[str, Any]]]:
    """Summaries of the tracklets of each person of a stage, or of their pieces, by the person's row."""
    sql = (
        "SELECT person, person_tracklets.tracklets_key, "  # noqa: S608 - a number of ours
        f"person_tracklets.number + piece * {PIECE} AS number, "
        "coalesce(person_tracklets.first_s, tracklets.first_s) AS first_s, "
        "coalesce(person_tracklets.last_s, tracklets.last_s) AS last_s, "
        "coalesce(person_tracklets.seen, tracklets.seen) AS seen, "
        "coalesce(person_tracklets.score, tracklets.score) AS score "
        "FROM persons JOIN person_tracklets ON person = persons.id "
        "JOIN tracklets ON tracklets.stage = person_tracklets.tracklets_key "
        "AND tracklets.number = person_tracklets.number "
        "WHERE persons.stage = ? ORDER BY person, person_tracklets.position"
    )
    members: dict[int, list[dict[str, Any]]] = {}
    for row in list(connection.query(sql, [key])):
        members.setdefault(row["person"], []).append(row)
    return members


def cuts_of_run(connection: Connection, run: str) -> Cuts:
    """Where tracklets of a run were cut."""
    sql = (
        "SELECT number, from_s FROM run_stages JOIN persons ON persons.stage = run_stages.key "
        "JOIN person_tracklets ON person = persons.id WHERE run = ? AND run_stages.name = 'link' AND piece > 0"
    )
    return Cuts.of(connection.execute(sql, [run]).fetchall())
