"""The one door in: the pages, our routes beside them, and the worker process behind.

    streamlit run app.py

Owns: putting them together and the log. May import: `pages`, `engine.web`, `engine.core`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio
import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware

from engine.core.config import load_settings
from engine.core.errors import SightlineError
from engine.web.guard import HostGuard
from engine.web.routes import build_routes
from pages._engine import engine
from pages._mount import element_script

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
logging.getLogger("engine").setLevel(logging.INFO)
log = logging.getLogger(__name__)


RETRY_S = 5.0
"""How often a store that could not be opened is tried again."""


async def _serve_engine() -> None:
    """Open the engine and keep its worker running; pages say meanwhile what is wrong with a store that will not open.

    A person may put a good file in its place while the server runs.
    """
    while True:
        try:
            opened = await to_thread.run_sync(engine)
        except SightlineError as error:
            log.error("not open yet: %s", error)
            await anyio.sleep(RETRY_S)
            continue
        await to_thread.run_sync(opened.start_worker)
        return


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Keep a worker running as long as the server does."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_serve_engine)
        try:
            yield
        finally:
            tasks.cancel_scope.cancel()
            with anyio.CancelScope(shield=True), suppress(SightlineError):
                opened = await to_thread.run_sync(engine)
                await to_thread.run_sync(opened.stop_worker)
                await to_thread.run_sync(opened.close)


app = st.App(
    Path(__file__).parent / "pages" / "_frame.py",
    routes=build_routes(engine, element_script),
    middleware=[Middleware(HostGuard, hosts=load_settings().hosts)],
    lifespan=lifespan,
)
