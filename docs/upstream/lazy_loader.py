"""importlib's LazyLoader before Python 3.12.3: a second thread gets a module whose code has run by half.

The standard library alone.
"""

import importlib.util
import sys
import tempfile
import threading
from pathlib import Path

CODE = "import time\ntime.sleep(0.5)\nanswer = 42\n"

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "slowly.py")
    file.write_text(CODE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("slowly", file)
    assert spec is not None
    assert spec.loader is not None
    spec.loader = importlib.util.LazyLoader(spec.loader)
    slowly = importlib.util.module_from_spec(spec)
    sys.modules["slowly"] = slowly
    spec.loader.exec_module(slowly)
    found: list[str] = []

    def use() -> None:
        """The first use reads the module."""
        try:
            found.append(f"{slowly.answer}")
        except AttributeError as error:
            found.append(f"{error}")

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(f"two threads found: {found}")
print("mended" if found == ["42", "42"] else "still there")
