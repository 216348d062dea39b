"""What came of a row: the mail server's own list, the records and `complaints verify`, beside each other."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.chaos.lives import Lives
from benchmarks.chaos.scene import Scene
from complaints.rules.letters import LetterState

CLOCKS_DIFFER = timedelta(seconds=5)


@dataclass(frozen=True)
class Verdict:
    """The figures of a row. Everything but the seconds must be as `held` says."""

    cases: int
    letters: int
    """Different ones that were due."""
    lost: int
    """Due, and never taken by the mail server; or sent by the ledger, and not known to the mail server."""
    wrong: int
    """Cases that came to another end than an undisturbed life of the same kind, or to none."""
    twice: int
    """Letters that the mail server took more than once."""
    flagged: int
    """Those of them that the ledger calls uncertain: an answer was lost."""
    stray: int
    """Rows and letters whose time lies outside the time in which all this happened."""
    faults: int
    """What `complaints verify` found."""
    well_after: float
    """Seconds from the end of the fault until every case that was under way had come a step further."""
    took: float
    """Seconds in all."""
    said: tuple[str, ...] = ()
    """What is wrong, in words."""

    @property
    def held(self) -> bool:
        """Nothing lost, nothing wrong, twice only where an answer was lost and that is said."""
        return not (self.lost or self.wrong or self.stray or self.faults) and self.twice == self.flagged


async def judged(scene: Scene, lives: Lives, *, well_after: float, took: float) -> Verdict:
    """Looks at everything, once all lives have ended."""
    said = [life.failure for life in lives.all if life.failure]
    due = lost = wrong = stray = flagged = 0
    twice, taken = scene.mail.twice(), {key for _, key in scene.mail.taken}
    latest = datetime.now(UTC) + CLOCKS_DIFFER
    for life in lives.all:
        count = lives.expected[life.kind][-1]
        due += count
        lost += max(0, count - scene.mail.letters(life.number))
        if life.failure:
            wrong += 1
            continue
        portrait, expected = await lives.portrait(life), lives.portraits[life.kind]
        if portrait != expected:
            wrong += 1
            said.append(f"{life.number}: {portrait}, not {expected}")
        letters = await scene.store.letters(life.number)
        lost += sum(row.state is LetterState.SENT and row.message_id not in taken for row in letters)
        flagged += sum(row.message_id in twice and row.uncertain_at is not None for row in letters)
        times = [row.at for row in await scene.store.journal(life.number)]
        times += [row.sent_at for row in letters if row.sent_at] + [row.claimed_at for row in letters if row.claimed_at]
        stray += sum(not lives.began - CLOCKS_DIFFER <= at <= latest for at in times)
    verification = json.loads(await scene.runs("verify", "--json", code=(0, 1)))
    said += [f"verify: {fault['number']}: {fault['said']}" for fault in verification["faults"]]
    if verification["temporal"] != "asked":
        said.append(f"verify: Temporal was {verification['temporal']}")
    faults = verification["found"] + (verification["temporal"] != "asked")
    return Verdict(len(lives.all), due, lost, wrong, len(twice), flagged, stray, faults, well_after, took, tuple(said))
