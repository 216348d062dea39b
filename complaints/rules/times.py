"""Times that people and programs may give: absurd ones would overflow the calendar and freeze a case."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from complaints.rules.refusals import invalid

FIRST_YEAR = 2000
LAST_YEAR = 2200

OLDEST_RECEIPT = timedelta(days=731)
"""How long ago a complaint may have been received when it is started: so far ahead a case knows its closed days, and
one that is older would have years of updates to catch up with at its first breath."""

LONGEST_OFFSET = timedelta(days=20 * 366)
"""How far a simulation's clock may be from the engine's."""


def _within_reach(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise invalid("time.years", first=FIRST_YEAR, last=LAST_YEAR)
    return day


def _in_utc(at: datetime) -> datetime:
    _within_reach(at)  # first: near the ends of the calendar even the conversion overflows
    at = at.astimezone(UTC)
    _within_reach(at)
    return at


def _offset_within_reach(offset: timedelta) -> timedelta:
    if abs(offset) > LONGEST_OFFSET:
        raise invalid("time.offset", years=LONGEST_OFFSET.days // 366)
    return offset


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An instant, kept in UTC; without an offset it is refused."""

Day = Annotated[date, AfterValidator(_within_reach)]
"""A day of the calendar."""

ClockOffset = Annotated[timedelta, AfterValidator(_offset_within_reach)]
"""From the engine's clock to a case's; zero except in simulations."""
