"""Pictures of the letters as people see them, made from the golden letters with a headless Chromium.

uv run --with playwright --with pillow python docs/letters/pictures.py [--chromium /usr/bin/chromium]

Not part of the product and not run in CI: after a meant change of a template, run it and look.
"""

import argparse
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
GOLDEN = HERE.parents[1] / "tests" / "golden_letters"

PHONE, DESKTOP = 380, 900
"""Width in CSS pixels."""

COLOURS = 48
"""Enough for letters, and a third of the size."""

MOST_IMPORTANT = (
    "acknowledgement", "details-request", "update", "resolution", "escalation", "closing", "escalated-to-you",
    "call-needed",
)  # fmt: skip
"""Also on a desktop, in both languages."""


def picture(browser: Browser, letter: Path, *, width: int, to: Path) -> None:
    """The whole letter, as long as it is."""
    page = browser.new_page(viewport={"width": width, "height": 600})
    page.route("**", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    page.goto(letter.as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        raise SystemExit(
            f"{letter.name} is {wide} px wide on a screen of {width}: nobody should have to scroll sideways"
        )
    page.screenshot(path=to, full_page=True)
    Image.open(to).quantize(COLOURS).save(to, optimize=True)
    page.close()


def main() -> None:
    """All kinds in Spanish on a telephone, the most important in both languages on a desktop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", help="the program, else Playwright's own")
    parser.add_argument("--only", default="", help="letters whose kind begins so")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox", "--disable-gpu"])
        for letter in sorted(GOLDEN.glob(f"{given.only}*.es.rich.html")):
            kind = letter.name.partition(".")[0]
            picture(browser, letter, width=PHONE, to=HERE / f"{kind}.es.phone.png")
        for kind in (one for one in MOST_IMPORTANT if one.startswith(given.only)):
            for language in ("es", "en"):
                letter = GOLDEN / f"{kind}.{language}.rich.html"
                picture(browser, letter, width=DESKTOP, to=HERE / f"{kind}.{language}.desktop.png")
        browser.close()


if __name__ == "__main__":
    main()
