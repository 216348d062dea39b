"""The nightly erasure of what is older than it is kept, and of files never sent (Ley 29733). Safe to repeat."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from temporalio import activity

from complaints.erasing import ForgetRuns, erase, years_before
from complaints.policy_file import PolicyNow
from complaints.records.errors import NotErasable
from complaints.records.store import Store
from complaints.rules.facts import Via
from complaints.rules.retention import A_ROUND, UNSENT_FOR, Gone, RetentionOrder

log = logging.getLogger("complaints.retention")

BY = "retention"
"""The name under which these erasures are noted; the reason names the policy's years."""


class RetentionActivities:
    """The activity of the nightly erasure; worker.py gives it store, policy and the deletion of Temporal's
    histories."""

    def __init__(self, store: Store, *, policy: PolicyNow, forget_runs: ForgetRuns) -> None:
        self._store, self._policy, self._forget_runs = store, policy, forget_runs

    def all(self) -> Sequence[Callable[..., Any]]:
        """What a worker registers."""
        return [self.erase_due]

    @activity.defn
    async def erase_due(self, order: RetentionOrder) -> Gone:
        """Erases the next of those that ended long enough ago and are not held; each wholly or not at all.

        Files that staff chose some days ago and never sent go too.
        """
        files = await self._store.forget_unsent(order.at - UNSENT_FOR)
        if files:
            log.info("Never sent: %d files that were chosen for an act.", files)
        years = self._policy().retention.years
        if not years:
            return Gone(files=files, more=bool(files))
        before = years_before(order.at, years)
        due = await self._store.due_for_erasing(before, limit=A_ROUND)
        done = 0
        for number in due:
            activity.heartbeat()
            try:
                done += await erase(
                    self._store,
                    number,
                    forget_runs=self._forget_runs,
                    event_id=f"retention/{number}/{order.at:%Y-%m-%d}",
                    at=order.at,
                    by=BY,
                    via=Via.CLOCK,
                    reason=f"{years} years after closing",
                )
            except NotErasable:  # held or opened again since the question
                continue
        mail = await self._store.forget_old(before)
        if done or mail:
            log.info("Erased by age: %d complaints, %d messages that became none.", done, mail)
        return Gone(complaints=done, mail=mail, files=files, more=bool(done or mail or files))
