"""A scenario: one complaint, a calendar, who does what when. A TOML file, played on the real server by `simulation`."""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from complaints.rules.facts import FACTS, Fact, Via
from complaints.rules.received import ComplaintReceived, Customer, Problem
from complaints.rules.refusals import refusals_of
from complaints.rules.text import Line
from complaints.toml_file import FileError, Unfit, read_toml, validated
from complaints.words.catalogue import N_, Composed, Language, Message
from complaints.words.refusals import reasons_in_words

FOLDER = "scenarios"
"""Where the scenarios that come with the program lie, inside this package."""

LONGEST = timedelta(days=3 * 366)
"""A slip in a year would play for hours."""

_SPAN = re.compile(r"(?:(\d+)w)?\s*(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?")
_ONLY_OF_STEP = frozenset({"at", "by", "via", "event_id"})
"""Fields of a fact that the step itself says."""


class ScenarioError(FileError):
    """A scenario cannot be played: sentences that name the field and the reason."""


def _span(value: Any) -> Any:
    """`3d`, `1d 12h`, `90m`, `2w` as a time span."""
    if not isinstance(value, str):
        return value
    match = _SPAN.fullmatch(value.strip())
    if match is None or not any(match.groups()):
        raise Unfit(N_("must be a span like 3d, 12h or 1d 6h; it is {value}", value=repr(value)))
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def _clock(value: Any) -> Any:
    """`2026-07-22 09:00`, in quotes or not, as a time of the school's own clock."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise Unfit(N_("must be a time like 2026-07-22 09:00; it is {value}", value=repr(value))) from None
    if isinstance(value, datetime) and value.tzinfo is not None:
        raise Unfit(N_("must be the school's own time, without a zone"))
    if isinstance(value, date) and not isinstance(value, datetime):
        raise Unfit(N_("must have an hour too, like 2026-07-22 09:00"))
    return value


Span = Annotated[timedelta, BeforeValidator(_span)]
Clock = Annotated[datetime, BeforeValidator(_clock)]


class Said(BaseModel):
    """Words in Spanish and English; words given once are said in both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    es: str
    en: str

    @model_validator(mode="before")
    @classmethod
    def _once(cls, value: Any) -> Any:
        return {"es": value, "en": value} if isinstance(value, str) else value

    def in_(self, language: Language) -> str:
        """The words in that language, on one line; in English where the scenario has none in it."""
        return " ".join(str(getattr(self, language, self.en)).split())


class _Customer(Customer):
    model_config = ConfigDict(extra="forbid")


class _Problem(Problem):
    model_config = ConfigDict(extra="forbid")


class Complaint(ComplaintReceived):
    """The complaint as it comes in; when, the scenario says."""

    model_config = ConfigDict(extra="forbid")

    customer: _Customer
    problem: _Problem

    @model_validator(mode="before")
    @classmethod
    def _said_elsewhere(cls, value: Any) -> Any:
        if isinstance(value, Mapping):
            for field, instead in (
                ("received_at", "`received`"),
                ("policy", "[policy]"),
                ("clock_offset", N_("nothing")),
            ):
                if field in value:
                    raise Unfit(
                        N_(
                            "{field} does not belong here; give {instead} at the top of the scenario",
                            field=field,
                            instead=instead,
                        )
                    )
        return value


class Step(BaseModel):
    """Something that happens: a person reports a fact, or the mail server goes away or comes back."""

    model_config = ConfigDict(frozen=True, extra="allow")  # the rest are the fact's own fields

    at: Clock | None = None
    after: Span | None = None
    """After the step before it, or after the receipt."""
    who: Line | None = None
    does: str | None = None
    """A fact's name, such as `assigned` (design §4)."""
    via: Via = Via.DESK
    mail_server: Literal["down", "up"] | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Step":
        if (self.at is None) == (self.after is None):
            raise Unfit(N_("say when, either `at` or `after`"))
        if (self.does is None) == (self.mail_server is None):
            raise Unfit(N_("say what happens, either `does` or `mail_server`"))
        if self.mail_server is not None and (self.said or self.who):
            raise Unfit(N_("`mail_server` takes no other fields"))
        if self.does is not None:
            _check_fact(self.does, self.said)
        return self

    @property
    def said(self) -> dict[str, Any]:
        """The fields of the fact."""
        return dict(self.model_extra or {})

    def fact(self, at: datetime, zone: ZoneInfo) -> Fact:
        """What is reported, at that instant."""
        assert self.does is not None
        return _fact(self.does, {**self.said, "at": at, "by": self.who, "via": self.via}, zone)


class Scenario(BaseModel):
    """One complaint's story. Times are the school's own, without a zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Said
    says: Said
    """What it shows, in a paragraph."""
    received: Clock
    until: Clock | None = None
    """When the story ends; by default a day after the last step, or 30 days after the receipt where there is none."""
    complaint: Complaint
    policy: dict[str, Any] = {}
    """Changes to the policy, as `"windows.assessment" = 3` or in tables of its own."""
    steps: Annotated[tuple[Step, ...], Field(alias="step")] = ()

    @model_validator(mode="after")
    def _in_order(self) -> "Scenario":
        before = self.received
        for number, (at, _) in enumerate(self.calendar, start=1):
            if at < before:
                raise Unfit(
                    N_(
                        "step {number} is at {at:%Y-%m-%d %H:%M}, before {before:%Y-%m-%d %H:%M}: sort them",
                        number=number,
                        at=at,
                        before=before,
                    )
                )
            before = at
        if self.end < before:
            raise Unfit(N_("until lies before the last step, {at:%Y-%m-%d %H:%M}", at=before))
        if self.end - self.received > LONGEST:
            raise Unfit(N_("the story would last until {end:%Y-%m-%d}, longer than three years", end=self.end))
        return self

    @property
    def calendar(self) -> list[tuple[datetime, Step]]:
        """When each step happens."""
        moments = []
        at = self.received
        for step in self.steps:
            at = step.at if step.at is not None else at + (step.after or timedelta(0))
            moments.append((at, step))
        return moments

    @property
    def end(self) -> datetime:
        """When the story ends, if the case has not ended before."""
        if self.until is not None:
            return self.until
        return self.calendar[-1][0] + timedelta(days=1) if self.steps else self.received + timedelta(days=30)


def load(named: str) -> Scenario:
    """The scenario in that file, or the shipped one of that name. Raises ScenarioError."""
    if named in shipped():
        with_program = files("local.stories") / FOLDER / f"{named}.toml"
        return _read(Path(str(with_program)))
    path = Path(named)
    if path.suffix != ".toml" and not path.exists():
        if near := difflib.get_close_matches(named, shipped(), n=1):
            raise ScenarioError(
                N_(
                    "There is no scenario {named}: did you mean {near}? `complaints simulate --list` names those that "
                    "come with the program; or give a file.",
                    named=named,
                    near=near[0],
                )
            )
        raise ScenarioError(
            N_(
                "There is no scenario {named}: `complaints simulate --list` names those that come with the program; "
                "or give a file.",
                named=named,
            )
        )
    return _read(path)


def shipped() -> list[str]:
    """The names of the scenarios that come with the program."""
    names = (entry.name for entry in (files("local.stories") / FOLDER).iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def _read(path: Path) -> Scenario:
    data = read_toml(path, packaged="", error=ScenarioError)
    return validated(Scenario, data, named=path.name, error=ScenarioError, show_values=True)


def _check_fact(name: str, said: dict[str, Any]) -> None:
    """Raises ValueError unless the fact exists, and has these fields and takes these values."""
    if name not in FACTS:
        raise Unfit(N_("nobody can do {name}; {instead}", name=repr(name), instead=_instead(name, FACTS)))
    known = {field.alias or key for key, field in FACTS[name].model_fields.items()} - _ONLY_OF_STEP
    for field in said.keys() - known:
        raise Unfit(
            N_("{name} has no field {field}; {instead}", name=name, field=repr(field), instead=_instead(field, known))
        )
    _fact(name, said, ZoneInfo("UTC"))


def _instead(written: str, known: Iterable[str]) -> Message:
    names = sorted(known)
    if near := difflib.get_close_matches(written, names, n=1):
        return N_("did you mean {near}?", near=near[0])
    return N_("there are: {names}", names=", ".join(names)) if names else N_("it has none")


def _fact(name: str, said: dict[str, Any], zone: ZoneInfo) -> Fact:
    """The fact; instants among its fields are the school's own time too."""
    data = {key: _clock(value) if key.endswith("_at") else value for key, value in said.items()}
    data = {
        key: value.replace(tzinfo=zone) if isinstance(value, datetime) and value.tzinfo is None else value
        for key, value in data.items()
    }
    try:
        return FACTS[name].model_validate(data)
    except ValidationError as error:
        found = refusals_of(error)
        raise Unfit(Composed(lambda language: reasons_in_words(found, language))) from None
