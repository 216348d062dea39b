"""asyncio.wait_for before Python 3.12: another number of steps of the loop, and a cancellation that is swallowed.

Temporal's `workflow.wait_condition(timeout=…)` rests on it, so a history that was made on 3.11 may not replay on 3.12:
commands of tasks that wait side by side change their order (python/cpython#86296 is the swallowing).
The standard library alone.
"""

import asyncio


async def steps() -> int:
    """Turns of the loop from the moment a result is there until whoever waits for it goes on."""
    result: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def waits() -> None:
        await asyncio.wait_for(result, 10)

    task = asyncio.create_task(waits())
    await asyncio.sleep(0)
    result.set_result(None)
    turns = 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    return turns


async def swallows() -> bool:
    """Whether a task that is cancelled in the moment its result comes goes on as if nothing had been."""
    result: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def waits() -> None:
        await asyncio.wait_for(result, 10)

    task = asyncio.create_task(waits())
    await asyncio.sleep(0)
    result.set_result(None)
    task.cancel()
    await asyncio.wait([task])
    return not task.cancelled()


turns, swallowed = asyncio.run(steps()), asyncio.run(swallows())
print(f"{turns} turns (1 from Python 3.12 on); a cancellation is swallowed: {swallowed}")
print("still there" if turns != 1 or swallowed else "mended")
