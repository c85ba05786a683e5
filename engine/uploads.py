"""Files that are being received in pieces, each on its way to become footage.

May import: `engine.core`, `engine.media`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.config import Settings
from engine.core.views import FootageView, UploadView

if TYPE_CHECKING:
    from engine.media.intake import Receiver


class Uploads:
    """Receives files; thread-safe.

    Args:
        settings: where they are kept and how large they may be.
        adopt: takes over a complete file: path, SHA-256, name.
    """

    def __init__(self, settings: Settings, adopt: Callable[[Path, str, str], FootageView]) -> None:
        self._settings = settings
        self._adopt = adopt
        self._open: dict[str, Receiver] = {}
        self._lock = threading.Lock()

    def start(self, name: str, size: int) -> UploadView:
        """Begin to receive a file in pieces.

        Args:
            name: the file's name; folders in it are dropped.
            size: its length in bytes.

        Raises:
            FootageError: empty, too large, or no room on the disk.
        """
        from engine.media.intake import Receiver

        limit = int(self._settings.upload_limit_gib * (1 << 30))
        receiver = Receiver.start(self._settings.home, name, size, limit)
        with self._lock:
            self._open[receiver.token] = receiver
        return UploadView(receiver.token, receiver.offset, limit)

    def offset(self, token: str) -> int:
        """How many bytes have safely arrived; where the next piece starts.

        Raises:
            FootageError: no such upload.
        """
        return self._receiver(token).offset

    def write(self, token: str, offset: int, chunk: bytes) -> int:
        """Append a piece.

        Args:
            token: of the upload.
            offset: where the piece belongs; must be the present offset.
            chunk: its bytes.

        Returns:
            The new offset.

        Raises:
            FootageError: no such upload, the piece does not fit there, or the disk is full.
        """
        receiver = self._receiver(token)
        receiver.write(offset, chunk)
        return receiver.offset

    def finish(self, token: str) -> FootageView:
        """Close an upload and take the footage over.

        Raises:
            FootageError: bytes are missing, or it is no footage that can be analysed; then nothing is left behind.
        """
        receiver = self._receiver(token)
        path, sha256 = receiver.finish()
        try:
            return self._adopt(path, sha256, receiver.name)
        finally:
            self.abort(token)

    def abort(self, token: str) -> None:
        """Drop an upload and what has arrived of it; nothing happens if it is not there."""
        with self._lock:
            receiver = self._open.pop(token, None)
        if receiver is not None:
            receiver.abort()

    def _receiver(self, token: str) -> Receiver:
        from engine.media.intake import Receiver

        with self._lock:
            receiver = self._open.get(token)
            if receiver is None:
                # The dashboard was restarted in mid-upload: what lies on disk is taken up again.
                receiver = self._open[token] = Receiver.resume(self._settings.home, token)
            return receiver
