"""An unmanned shop: what hands do at the shelves and who stays at the counter, in; what was left unpaid, out.

A catch or an insert leaves an item unaccounted for, a put returns it, a stay at the counter pays for all; what is left
when somebody goes is a warning. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.core.anomalies import NORMAL, PASS, UNPAID, Box, EventDraft, Reason, WindowScores, Zone
from engine.core.config import AnomalyConfig
from engine.core.types import Tracklet

CATCH, PUT, INSERT = "catch", "put", "insert"
PAY, LEAVE = "pay", "leave"

ACTS = (CATCH, PUT, INSERT, PAY, LEAVE)
"""What the machine heeds; anything else, "normal" and "pass" among them, changes nothing."""

SEVERITY = 0.6

STILL_THERE = 0.7
"""Share of the severity where the footage ends before the person has gone: they may still pay."""

END_S = 1.0
"""Somebody seen so shortly before the footage's end, seconds, had not gone yet."""

STAY_GAP_S = 1.0
"""Absence from the counter that does not end a stay, seconds: boxes tremble."""

MOST_REASONS = 8


@dataclass(frozen=True, slots=True)
class Act:
    """Something that changes what is unaccounted for.

    Attributes:
        what: of `ACTS`.
        start_s: seconds.
        end_s: seconds.
        score: its probability, in [0, 1].
        tracklet: of whom.
    """

    what: str
    start_s: float
    end_s: float
    score: float = 1.0
    tracklet: int = 0


@dataclass(frozen=True, slots=True)
class Basket:
    """What one person has on them that is neither put back nor paid: the state of the machine.

    Attributes:
        items: unaccounted for, >= 0.
        hidden: at least one was put into a pocket, a bag or under clothing.
        suspicious: the catches and inserts since it was last empty, in order.
        warned: they have gone with it; the end.
    """

    items: int = 0
    hidden: bool = False
    suspicious: tuple[Act, ...] = ()
    warned: bool = False


EMPTY = Basket()


def step(basket: Basket, act: Act) -> Basket:
    """The machine: what is unaccounted for after an act.

    | act    | nothing held       | something held                                        |
    |--------|--------------------|-------------------------------------------------------|
    | catch  | one item           | one more                                              |
    | insert | one item, hidden   | the same items, hidden: what was caught is put away    |
    | put    | nothing            | one less; the last one clears the suspicion           |
    | pay    | nothing            | nothing                                               |
    | leave  | nothing            | a warning                                             |
    """
    if basket.warned or act.what not in ACTS:
        return basket
    if act.what in (CATCH, INSERT):
        more = act.what == CATCH or basket.items == 0
        return replace(
            basket,
            items=basket.items + more,
            hidden=basket.hidden or act.what == INSERT,
            suspicious=(*basket.suspicious, act),
        )
    if act.what == PUT and basket.items > 1:
        return replace(basket, items=basket.items - 1)
    if act.what in (PUT, PAY):
        return EMPTY
    return replace(basket, warned=basket.items > 0)


def run(acts: Iterable[Act]) -> Basket:
    """What is unaccounted for after some acts in order of time."""
    basket = EMPTY
    for act in acts:
        basket = step(basket, act)
    return basket


def acts_of(windows: WindowScores, threshold: float) -> list[Act]:
    """The acts of the hands: windows next to each other that say the same are one act.

    Args:
        windows: columns are `BEHAVIOURS`; windows overlap, so that one act is seen in several.
        threshold: probability from which a window counts.
    """
    acts: list[Act] = []
    before = NORMAL
    for row in range(len(windows)):
        column = int(windows.probabilities[row].argmax())
        score, label = float(windows.probabilities[row, column]), windows.labels[column]
        if label in (NORMAL, PASS) or score < threshold:
            before = NORMAL
            continue
        start_s, end_s = float(windows.start_s[row]), float(windows.end_s[row])
        if label == before and start_s <= acts[-1].end_s:
            acts[-1] = replace(acts[-1], end_s=end_s, score=max(acts[-1].score, score))
        else:
            acts.append(Act(label, start_s, end_s, score, windows.tracklet))
        before = label
    return acts


def stays(tracklet: Tracklet, counters: Sequence[Zone], size: tuple[int, int], least_s: float) -> list[Act]:
    """Stays at the counter that pay.

    Somebody is at the counter while the middle of the box's lower edge or the middle of the box lies in the zone: it
    may be drawn on the floor before the counter, or around whoever stands there.

    Args:
        tracklet: one person's boxes.
        counters: where the counters are.
        size: width and height of the picture, pixels.
        least_s: shortest stay that pays, seconds.
    """
    boxes = tracklet.boxes.astype(np.float64)
    x = boxes[:, 0::2].mean(axis=1) / size[0]
    inside = np.zeros(len(tracklet), np.bool_)
    for zone in counters:
        for y in (boxes[:, 3], boxes[:, 1::2].mean(axis=1)):
            inside |= zone.holds(np.stack([x, np.minimum(y / size[1], 1.0 - 1e-9)], axis=1))
    found: list[Act] = []
    for t in tracklet.t[inside].tolist():
        if found and t - found[-1].end_s <= STAY_GAP_S:
            found[-1] = replace(found[-1], end_s=t)
        else:
            found.append(Act(PAY, t, t, tracklet=tracklet.number))
    return [stay for stay in found if stay.end_s - stay.start_s >= least_s - 1e-6]


def in_order(acts: Iterable[Act], payments: Sequence[Act]) -> list[Act]:
    """Acts and payments in order of time; what hands do during a stay at the counter is part of paying.

    An act happens in its middle, a payment when the stay begins: nothing else happens during it.
    """

    def moment(act: Act) -> float:
        return act.start_s if act.what == PAY else (act.start_s + act.end_s) / 2

    hands = [act for act in acts if not any(stay.start_s <= moment(act) <= stay.end_s for stay in payments)]
    return sorted([*hands, *payments], key=moment)


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's time in the shop.

    Attributes:
        tracklets: the person's, at least one.
        windows: what their hands did, of any of the tracklets.
        size: width and height of the picture, pixels.
        ends_s: when the footage ends, seconds.
    """

    tracklets: tuple[Tracklet, ...]
    windows: tuple[WindowScores, ...]
    size: tuple[int, int]
    ends_s: float


def unpaid_event(visit: Visit, zones: Sequence[Zone], config: AnomalyConfig) -> EventDraft | None:
    """The warning of one visit, None where nothing was left unaccounted for.

    Args:
        visit: who, and what their hands did.
        zones: counters among them; without one nobody can pay.
        config: thresholds and durations.

    Returns:
        An event from the first to the last suspicious window. Its score is that of the surest suspicious act.
    """
    counters = [zone for zone in zones if zone.name == "counter"]
    payments = [stay for each in visit.tracklets for stay in stays(each, counters, visit.size, config.counter_s)]
    hands = [act for each in visit.windows for act in acts_of(each, config.shop_threshold)]
    last_s = max(each.last_s for each in visit.tracklets)
    basket = run([*in_order(hands, payments), Act(LEAVE, last_s, last_s)])
    if not basket.warned:
        return None
    gone = last_s < visit.ends_s - END_S
    return _warning(visit, basket, (bool(counters), gone))


def _warning(visit: Visit, basket: Basket, known: tuple[bool, bool]) -> EventDraft:
    has_counter, gone = known
    acts = basket.suspicious
    surest = max(acts, key=lambda act: act.score)
    start_s, end_s = acts[0].start_s, max(act.end_s for act in acts)
    tracklet = next(each for each in visit.tracklets if each.number == surest.tracklet)
    t, box = _place(tracklet, (surest.start_s + surest.end_s) / 2)
    rules = [Reason("rule", act.what, act.score, act.start_s, act.end_s) for act in acts]
    rules.sort(key=lambda rule: (-rule.weight, rule.start_s))
    why = "not-paid" if has_counter else "no-counter"
    closing = [Reason("rule", why, surest.score, start_s, end_s)]
    if not gone:
        closing.append(Reason("rule", "still-in-view", surest.score, end_s, visit.ends_s))
    return EventDraft(
        kind="behaviour",
        label=UNPAID,
        tracklet=tracklet.number,
        start_s=start_s,
        end_s=end_s,
        score=surest.score,
        severity=SEVERITY * (1.0 if gone else STILL_THERE) * (1.0 if basket.hidden else 0.9),
        t=t,
        box=box,
        reasons=(*rules[: MOST_REASONS - len(closing)], *closing),
    )


def _place(tracklet: Tracklet, t: float) -> tuple[float, Box]:
    row = int(np.abs(tracklet.t - t).argmin())
    x1, y1, x2, y2 = (float(side) for side in tracklet.boxes[row])
    return float(tracklet.t[row]), (x1, y1, x2, y2)
