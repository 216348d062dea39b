"""The package's build compiles the catalogue, for a wheel and for an editable install alike."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):  # type: ignore[misc,type-arg]  # hatchling is there only while it builds
    """Each `.po` of the words becomes the `.mo` beside it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before anything is packed."""
        sys.path.insert(0, self.root)
        from complaints.words.compiling import compiled_catalogue

        for source in sorted((Path(self.root) / "complaints" / "words").glob("*.po")):
            source.with_suffix(".mo").write_bytes(compiled_catalogue(source))
