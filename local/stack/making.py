"""Says how far the making of the Temporal server has come, all of it in one line: step, packages, time, what is left.

It happens once a machine, and takes minutes in which a newcomer would think that nothing happens.
"""

import time
from itertools import pairwise
from pathlib import Path

from complaints.words.catalogue import _, ngettext
from local.stack.voice import Passing, Say

STEPS = ("download", "server", "page", "tables")
"""The parts of the work, in their order."""

CURVE = (
    (0.0, 0.0), (0.08, 0.015), (0.24, 0.066), (0.37, 0.135), (0.57, 0.26), (0.65, 0.35), (0.71, 0.41), (0.75, 0.47),
    (0.79, 0.59), (0.83, 0.73), (0.88, 0.85), (0.94, 0.89), (1.0, 1.0),
)  # fmt: skip
"""Share of the packages compiled, share of the time that it took (measured): the large ones come late."""

PAGE = 0.055
"""The page, as a part of the time that the server took (measured: 35 s after 10 min 55 s)."""

SURE_FROM = 0.06
"""Share of the time from which it can be said what is left; before, only what it usually takes."""


class Making:
    """Stands between those who work and the one who speaks: lines for the moment get step, time and what is left."""

    def __init__(self, say: Say, cache: Path) -> None:
        self._say, self._cache = say, cache
        self._began = time.monotonic()
        self._compiling: dict[str, float] = {}
        """When each part's first share was heard."""

    def begins(self) -> None:
        """Says beforehand what is going to happen, and that it happens once."""
        self._say(
            _(
                "There is no Temporal server here yet. It is made ready once: downloaded or, where that cannot be, "
                "built, which takes 3 to 7 minutes (more on a busy machine). It stays in {cache}."
            ).format(cache=self._cache)
        )

    def ends(self) -> None:
        """Says that it is done, and how long it took."""
        took = span(time.monotonic() - self._began)
        self._say(_("The Temporal server is ready: it took {time}.").format(time=took))

    def __call__(self, line: str) -> None:
        """Says a line of one of the parts."""
        if not isinstance(line, Passing) or line.part not in STEPS:
            self._say(line)
            return
        step = STEPS.index(line.part) + 1
        head = _("Step {step} of {steps}").format(step=step, steps=len(STEPS))
        passed = span(time.monotonic() - self._began)
        said = [head, str(line), passed, *([left] if (left := self._left(line)) else [])]
        self._say(Passing(" · ".join(said), part=line.part, share=line.share))

    def _left(self, line: Passing) -> str:
        """What is left of all parts, by the pace of this one."""
        if line.share is None:
            return ""
        began = self._compiling.setdefault(line.part, time.monotonic())
        done = share_of_time(line.share) if line.part == "server" else line.share
        if done < SURE_FROM:
            return _("3 to 7 min left")
        whole = (time.monotonic() - began) / done
        left = whole * (1 - done) + (whole * PAGE if line.part == "server" else 0)
        if left < 50:
            return _("less than 1 min left")
        minutes = round(left / 60)
        return ngettext("about {n} min left", "about {n} min left", minutes).format(n=minutes)


def share_of_time(packages: float) -> float:
    """The share of the time that has passed when this share of the packages is compiled."""
    for (lower, least), (upper, most) in pairwise(CURVE):
        if packages <= upper:
            return least + (most - least) * (packages - lower) / (upper - lower)
    return 1.0


def span(seconds: float) -> str:
    """`4 min 09 s`, or `9 s`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
