"""Ends an event loop with all that a program left waiting in it.

A task that is forgotten while it waits is found by the garbage collector in the middle of something else, and Python 3.11
does not always survive that (python/cpython#106905).
"""

from __future__ import annotations

import asyncio


def end(loop: asyncio.AbstractEventLoop) -> None:
    """Cancels what waits, lets it end, and closes the loop."""
    waiting = asyncio.all_tasks(loop)
    for task in waiting:
        task.cancel()
    if waiting:
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
    asyncio.set_event_loop(None)
    loop.close()
