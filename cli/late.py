"""Lazy imports: a module is loaded at the first use of a name in it. A command's help needs none of what it works with.

Here alone the command line departs from importing at once. Each import still stands at the top of its file, where tools
and readers find it.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import Any

_READING = RLock()
"""Held while a module is read. importlib's own LazyLoader holds none before Python 3.12: a second thread would be
given half a module."""


class _LateModule(ModuleType):
    def __getattribute__(self, name: str) -> Any:
        spec = ModuleType.__getattribute__(self, "__spec__")
        if name == "__spec__":  # asked for by each further import, which uses nothing
            return spec
        _ensure_read(self)
        return ModuleType.__getattribute__(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        _ensure_read(self)  # else its own code would put the old value back
        ModuleType.__setattr__(self, name, value)


class _LateLoader(Loader):
    def __init__(self, real: Loader) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__class__ = _LateModule

    def read(self, module: ModuleType) -> None:
        """Makes it a module like any other."""
        spec = ModuleType.__getattribute__(module, "__spec__")
        spec.loader = self._real  # its own code, which uses it, finds it read
        try:
            self._real.exec_module(module)
        except BaseException:
            spec.loader = self
            raise
        ModuleType.__setattr__(module, "__loader__", self._real)
        ModuleType.__setattr__(module, "__class__", ModuleType)


def _ensure_read(module: ModuleType) -> None:
    with _READING:
        loader = ModuleType.__getattribute__(module, "__spec__").loader
        if isinstance(loader, _LateLoader):
            loader.read(module)


class _Late(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _LateLoader(spec.loader)
        return spec


@contextmanager
def read_when_used() -> Iterator[None]:
    """Around imports at the top of a file: each module is read at the first use of a name in it, `module.name`.

    Modules only: `from module import name` uses the name, and reads it at once. What cannot be found is an error here
    as everywhere.
    """
    late = _Late()
    sys.meta_path.insert(0, late)
    try:
        yield
    finally:
        sys.meta_path.remove(late)


def read(at: str) -> Callable[..., Any]:
    """The function at `module:name`, read now."""
    module, _, name = at.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
