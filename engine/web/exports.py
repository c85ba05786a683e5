"""Results as files over HTTP: one file, or a zip where a format is made of several.

Owns: the export route. May import: `engine.web`, `engine.core`.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from anyio import to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from engine.core.errors import SightlineError
from engine.web.door import OpenDoor
from engine.web.guard import error_response

SUFFIXES = {"json": ".json", "csv": ".csv", "parquet": ".parquet", "ava": ".ava.csv", "webvtt": ".vtt", "eaf": ".eaf"}
"""Format -> ending of its file."""


class ExportRoute:
    """GET of `/sightline/export/{run}/{format}`.

    Args:
        door: hands out the engine.
    """

    def __init__(self, door: OpenDoor) -> None:
        self._door = door

    async def __call__(self, request: Request) -> Response:
        """200 with the file, or 404 with `{"error": sentence}`."""
        run, name = request.path_params["run"], request.path_params["format"]
        if name not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            return JSONResponse({"error": f"There is no such format. Known are: {known}."}, HTTPStatus.NOT_FOUND)
        folder = Path(await to_thread.run_sync(tempfile.mkdtemp))
        try:
            file = await to_thread.run_sync(self._write, run, name, folder)
        except SightlineError as error:
            shutil.rmtree(folder, ignore_errors=True)
            return error_response(error)
        clear = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        return FileResponse(file, headers=headers, background=clear, media_type="application/octet-stream")

    def _write(self, run: str, name: str, folder: Path) -> Path:
        made = folder / "made"
        made.mkdir()
        file = self._door().export(run, name, made, SUFFIXES[name])
        if len(list(made.iterdir())) == 1:
            return file
        bundle = folder / f"{file.name}.zip"
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in sorted(made.iterdir()):
                archive.write(each, each.name)
        return bundle
