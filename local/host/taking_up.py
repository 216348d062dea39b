"""`python -m local.host.taking_up`: after a restore, every open case is started again from its journal (design §4)."""

import asyncio

from starter.leaving import leave
from starter.place import Place, place_of
from starter.reaching import front_desk_of


async def take_up(place: Place) -> list[str]:
    """Starts what is open in the records and has no run; their numbers. Done twice it does nothing the second time."""
    async with front_desk_of(place) as desk:
        await desk.start_pending()
        lost = await desk.lost_runs()
        for number in lost:
            await desk.restart_lost(number)
        return lost


def main() -> int:
    """Says what it did."""
    place = place_of(None)  # the stack is not ready yet: its servers stand in our environment
    for number in asyncio.run(take_up(place)):
        print(number, flush=True)
    return 0


if __name__ == "__main__":
    leave(main())
