"""Ends an event loop with all that a program left waiting in it.

A task that is forgotten while it waits, or whose exception nobody looked at, is found by the garbage collector in the middle
of something else. It then writes a traceback, for which Python 3.11 parses the source; in the middle of another parse, such
as pytest's of a test, that ends in a SystemError (python/cpython#106905). So what waits is ended here, and what is found
later says nothing.
"""

from __future__ import annotations

import asyncio

import pulumi


def end(loop: asyncio.AbstractEventLoop) -> None:
    """Cancels what waits, lets it end, and closes the loop."""
    waiting = asyncio.all_tasks(loop)
    for task in waiting:
        task.cancel()
    if waiting:
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
    # What the SDK still waits for belongs to this loop: the next program must not wait for it.
    pulumi.runtime.settings.SETTINGS.outputs.clear()
    pulumi.runtime.settings.SETTINGS.rpc_manager.clear()
    asyncio.set_event_loop(None)
    loop.set_exception_handler(lambda _loop, _context: None)
    loop.close()
