"""Pictures of the letters as people see them, with everything that each may ever say, made with a headless Chromium.

uv run --with pillow python -m docs.letters.pictures [--chromium /usr/bin/chromium]

Not part of the product and not run in CI: after a meant change of a template, run it and look.
"""

import argparse
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from complaints.words.catalogue import Language
from tests.golden_letters.all_letters import KINDS, made

HERE = Path(__file__).parent

PHONE, DESKTOP = 380, 900
"""Width in CSS pixels."""

COLOURS = 48
"""Enough for letters, and a third of the size."""

MOST_IMPORTANT = (
    "acknowledgement", "details-request", "update", "resolution", "escalation", "closing", "escalated-to-you",
    "call-needed",
)  # fmt: skip
"""Also on a desktop, in both languages."""


def picture(browser: Browser, kind: str, language: Language, *, width: int, to: Path) -> None:
    """The whole letter, as long as it is."""
    page = browser.new_page(viewport={"width": width, "height": 600})
    page.route("**", lambda route: route.abort())  # a letter asks nothing of the network
    page.set_content(made(kind, language).html)
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        raise SystemExit(f"{kind} is {wide} px wide on a screen of {width}: nobody should have to scroll sideways")
    page.screenshot(path=to, full_page=True)
    Image.open(to).quantize(COLOURS).save(to, optimize=True)
    page.close()


def main() -> None:
    """All kinds in Spanish on a telephone, the most important in both languages on a desktop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", help="the program, else Playwright's own")
    parser.add_argument("--only", default="", help="letters whose kind begins so")
    given = parser.parse_args()
    languages: tuple[Language, ...] = ("es", "en")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox", "--disable-gpu"])
        for kind in (one for one in KINDS if one.startswith(given.only)):
            picture(browser, kind, "es", width=PHONE, to=HERE / f"{kind}.es.phone.png")
        for kind in (one for one in MOST_IMPORTANT if one.startswith(given.only)):
            for language in languages:
                picture(browser, kind, language, width=DESKTOP, to=HERE / f"{kind}.{language}.desktop.png")
        browser.close()


if __name__ == "__main__":
    main()
