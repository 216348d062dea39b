"""The code of a workflow's module, read or compiled once a process and run anew for each case.

Temporal's sandbox loads the module again for every run, so that no run sees another's globals. Left to itself, Python
then looks for the file and reads its bytecode; where there is none (a read-only installation, PYTHONDONTWRITEBYTECODE)
it compiles the source, which takes half of an instance's time. Code is never changed by whoever runs it, so one copy is
enough for all of them, in time and in memory; what it defines is each run's own, as before.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, ModuleType


class _Kept(SourceFileLoader):
    """A module's loader that has its code already."""

    def __init__(self, name: str, file: str, code: CodeType) -> None:
        super().__init__(name, file)
        self._code = code

    def get_code(self, fullname: str) -> CodeType | None:
        """As it was when the worker began, whatever has become of the file."""
        return self._code


class _Finder(MetaPathFinder):
    """Asked before Python looks for the file; knows the modules of workflows alone."""

    def __init__(self) -> None:
        self._loaders: dict[str, _Kept] = {}

    def keep(self, name: str) -> None:
        """Keeps the code of a module that is loaded, and of the packages that it is in."""
        for end in [at for at, letter in enumerate(name) if letter == "."] + [len(name)]:
            self._keep(name[:end])

    def _keep(self, name: str) -> None:
        spec = sys.modules[name].__spec__
        # Other loaders have their reasons, and `__main__` has no spec.
        if name in self._loaders or spec is None or type(spec.loader) is not SourceFileLoader:
            return
        if code := spec.loader.get_code(name):
            self._loaders[name] = _Kept(name, spec.loader.path, code)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where it is loaded from; None of all others, which are looked for as ever."""
        loader = self._loaders.get(fullname)
        return spec_from_file_location(fullname, loader.path, loader=loader) if loader else None


_FINDER = _Finder()


def share_code(module: str) -> None:
    """Whoever loads that module from now on runs the code that is loaded now. Safe to repeat."""
    _FINDER.keep(module)
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
