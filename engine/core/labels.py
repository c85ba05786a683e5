"""The words results are told in, fixed for the store, exports and pages (DESIGN §4).

Imports nothing of ours.
"""

from __future__ import annotations

POSTURES = ("standing", "walking", "running", "sitting", "bending", "crouching", "lying")
"""What a body does as a whole: one of them at a time."""

GESTURES = ("reaching", "arms_raised")
"""What the arms do; come on top of a posture, and may overlap each other."""

ACTIONS = POSTURES + GESTURES

EMOTIONS = ("calm", "happy", "surprised", "confused", "angry", "disgusted", "sad", "fearful")
"""Columns of emotion probabilities, in this order; a model that does not know one leaves its column at 0."""

UNKNOWN = "unknown"
"""It could not be seen: not the same as "it did not happen"."""

CHANNELS = ("posture", "gesture", "activity", "emotion")
"""Kinds of segments. A person has one posture, one activity and one emotion at a time, and any number of gestures.

An activity is what a video network says; its labels are that network's own where none of ours means the same."""
