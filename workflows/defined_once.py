"""A workflow's class is looked through once a process, and not again for each run.

Temporal's sandbox loads the module of a workflow anew for every run, and `workflow.defn` with it: it goes through the
whole class and its bases, and compares the parameters of every update with those of its validator. With our fifty
handlers that was half of what a run's beginning costs. Handlers that a base class brings are the same for every run,
for bases are passed through the sandbox: what was found the first time holds for all.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from temporalio import workflow

T = TypeVar("T", bound=type)

_FOUND: dict[tuple[str, str], workflow._Definition] = {}


def defined_once(name: str) -> Callable[[T], T]:
    """As `workflow.defn(name=…)`, for a class whose own body has no handler but `run`."""

    def define(cls: T) -> T:
        known = _FOUND.get(key := (cls.__module__, cls.__qualname__))
        if known is None or known.name != name or known.cls.__mro__[1:] != cls.__mro__[1:]:
            workflow.defn(name=name)(cls)
            known = workflow._Definition.must_from_class(cls)
            if _is_of_bases_alone(known, cls):
                _FOUND[key] = known
            return cls
        own = replace(known, cls=cls, run_fn=vars(cls)[known.run_fn.__name__])
        for each in (cls, own.run_fn):
            setattr(each, _PLACE, own)
        return cls

    return define


_PLACE = "__temporal_workflow_definition"
"""Where the SDK leaves what it has found (temporalio 1.35), and looks for it."""


def _is_of_bases_alone(found: workflow._Definition, cls: type) -> bool:
    """Whether no handler stands in the class itself."""
    handlers: list[Any] = [*found.signals.values(), *found.queries.values(), *found.updates.values()]
    return not any(getattr(each.fn, "__qualname__", "").startswith(f"{cls.__qualname__}.") for each in handlers)
