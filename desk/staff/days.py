"""The school's day, as pages count by it."""

from datetime import datetime, time, timedelta

from desk.request import PageRequest


def day_ends(request: PageRequest) -> datetime:
    """The first instant of the next calendar day."""
    tomorrow = request.words.day_of(request.now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), request.words.zone)
