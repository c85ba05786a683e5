"""The one door in: the pages, our routes beside them, and the worker process behind.

    streamlit run app.py

Owns: putting them together and the log. May import: `pages`, `engine.web`, `engine.core`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware

from engine.core.config import load_settings
from engine.web.guard import HostGuard
from engine.web.routes import build_routes
from pages._engine import engine

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
logging.getLogger("engine").setLevel(logging.INFO)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Keep a worker running as long as the server does."""
    opened = await to_thread.run_sync(engine)
    await to_thread.run_sync(opened.start_worker)
    try:
        yield
    finally:
        await to_thread.run_sync(opened.stop_worker)
        await to_thread.run_sync(opened.close)


app = st.App(
    Path(__file__).parent / "pages" / "_frame.py",
    routes=build_routes(engine),
    middleware=[Middleware(HostGuard, hosts=load_settings().hosts)],
    lifespan=lifespan,
)
