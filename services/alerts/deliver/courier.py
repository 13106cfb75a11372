"""Delivers what is due, hundreds at a time: one that never answers keeps nobody else waiting."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from services.alerts.deliver import desk
from services.alerts.deliver.wire import Answered, Letter, Wire
from services.alerts.tools import Tools

log = logging.getLogger("homeward.courier")

LOOK_EVERY_S = 0.2
TOGETHER_S = 0.02
"""Answers that come within this time are noted in one transaction."""
MOST = 500
MOST_PINGS = 8
"""Letters under way at once: altogether, and to the hub; to a subscription one."""
A_ROUND = 100
RESOLVERS = 32


class Courier:
    """Runs an event loop of its own in the thread that calls `run`; the tables are asked in one thread beside it."""

    def __init__(self, app: Flask, tools: Tools, wire: Wire) -> None:
        self.app, self.tools, self.wire = app, tools, wire
        self.under_way: dict[asyncio.Task[Answered], tuple[str, str]] = {}
        self.tables = ThreadPoolExecutor(1, "courier-tables")

    def run(self) -> None:
        """Forever, until something fails that is not the other side's fault: it is then begun anew."""
        asyncio.run(self._deliver(forever=True))

    def until_idle(self) -> None:
        """Delivers what is due now, and ends once there is nothing more."""
        asyncio.run(self._deliver(forever=False))

    async def _deliver(self, *, forever: bool) -> None:
        self.under_way.clear()  # of an earlier run that failed: they are due again when their lease ends
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(RESOLVERS, "courier-names"))
        while True:
            begun = await self._begin()
            ended = await self._collect()
            if not forever and not (begun or ended or self.under_way):
                return

    async def _begin(self) -> bool:
        room = min(A_ROUND, MOST - len(self.under_way))
        if room <= 0:
            return False
        under_way = Counter(whose for _, whose in self.under_way.values())
        busy = [whose for whose, count in under_way.items() if whose != desk.HUB or count >= MOST_PINGS]
        letters: list[tuple[str, Letter]] = await self._asked(desk.take, room, busy)
        for subscription_id, letter in letters:
            self.under_way[asyncio.create_task(self.wire.post(letter))] = letter.id, subscription_id
        return bool(letters)

    async def _collect(self) -> bool:
        """Waits a moment, then notes what has been answered by now."""
        if not self.under_way:
            await asyncio.sleep(LOOK_EVERY_S)
            return False
        await asyncio.wait(self.under_way, timeout=LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(TOGETHER_S)
        done = [task for task in self.under_way if task.done()]
        answers = [(self.under_way.pop(task)[0], task.result()) for task in done]
        if answers:
            await self._asked(desk.note, answers)
        return bool(answers)

    async def _asked(self, act: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.tables, self._in_context, act, args)

    def _in_context(self, act: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        with self.app.app_context():
            return act(self.tools, *args)
