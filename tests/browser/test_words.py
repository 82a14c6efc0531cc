"""The browser fills the places of a text as Python does."""

from __future__ import annotations

from playwright.sync_api import Browser

from convviz.player.bundle import bundle
from convviz.text import LANGUAGES, PLACE, catalogue, fill, places

SCENE = bundle("scene") + "export const { Scene, filled } = $scene\n"
NUMBERS = (0, 1, 2, 1234, 1_234_567, "−1", "1, 2")


def test_each_text_is_filled_alike_by_python_and_by_the_browser(browser: Browser) -> None:
    texts = [text for language in LANGUAGES for text in catalogue(language).values() if PLACE.search(text)]
    texts += ["{a to b|row|rows}, {a 至 b}; {a:,} {a|cell|cells}, {a to b:,|row|rows}", "no place"]
    cases = [
        (text, {name: NUMBERS[(n + shift) % len(NUMBERS)] for n, name in enumerate(sorted(places(text)))})
        for text in texts
        for shift in range(len(NUMBERS))
    ]
    cases += [(text, dict.fromkeys(places(text), 1)) for text in texts]
    page = browser.new_page()
    told = page.evaluate(
        """async ([source, cases]) => {
          const { filled } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })))
          return cases.map(([text, values]) => filled(text, (name) => values[name]))
        }""",
        [SCENE, [list(case) for case in cases]],
    )
    page.close()
    assert told == [fill(text, values) for text, values in cases]
