"""What does not fit, on a phone: every word of the picture is there, whole, and in sight above the controls."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from depth import few
from gallery import MISFITS

from convviz.network import stack_from_text
from convviz.page.state import opening
from convviz.text import LANGUAGES

OPEN = "misfitwindow2d-i1024x2-k16"
"""Still open: it has four stages under captions of two lines in English, for which a phone has no room."""

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 844}
LEAST = 11

BOXES = """player => {
  const svg = player.querySelector('[data-part=svg]')
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
  const box = n => (({ left, top, right, bottom }) => [left, top, right, bottom])(n.getBoundingClientRect())
  const said = [...player.querySelectorAll('.labels text')].filter(n => n.textContent.trim())
  return {
    stage: box(player.querySelector('[data-part=stage]')),
    dock: box(player.querySelector('[data-part=dock]'))[1],
    cells: [...player.querySelectorAll('.cells polygon[data-m]')].map(box),
    labels: said.map(n => [n.textContent, box(n), parseFloat(getComputedStyle(n).fontSize) * scale]),
    signs: [...player.querySelectorAll('.texts text')].filter(n => n.textContent).length,
  }
}"""
"""Where the picture's cells and labels are in the window, how large their letters are, and how many signs there are."""


def drawn(visit: Any, state: Any, size: dict[str, int]) -> list[Any]:
    """What is drawn at each step in a window of this size."""
    visit.page.set_viewport_size(size)
    visit.open(state, plays=False)
    found = []
    for step in range(state.scene().steps):
        visit.seek(step)
        found.append(visit.player.evaluate(BOXES))
    return found


def letters(one: Any) -> Counter[str]:
    """How often each letter is written on the labels, however they are broken into lines."""
    return Counter("".join("".join(text.split()) for text, *_ in one["labels"]))


def over(one: list[float], other: list[float]) -> bool:
    """Whether a text lies on another one; the boxes around both are higher than their letters."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and down > 0.4 * min(one[3] - one[1], other[3] - other[1])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", few("misfits", [one for one in MISFITS if one != OPEN], 5))
def test_on_a_phone_every_label_is_whole_and_in_sight(visit: Any, text: str, language: str) -> None:
    state = replace(opening("receptive", language), layer=stack_from_text(text), view="misfit")
    for wide, narrow in zip(drawn(visit, state, DESK), drawn(visit, state, PHONE), strict=True):
        left, top, right, bottom = narrow["stage"]
        assert letters(narrow) == letters(wide)
        assert bottom <= narrow["dock"] + 50, "hardly anything of it is behind the sentence"
        for said, box in [*((said, box) for said, box, _ in narrow["labels"]), *(("", box) for box in narrow["cells"])]:
            assert left - 1 <= box[0] and box[2] <= right + 1 and top - 1 <= box[1] and box[3] <= bottom + 1, said
        assert [one for one in narrow["labels"] if one[2] < LEAST - 0.05] == []
        texts = [(said, box) for said, box, _ in narrow["labels"]]
        assert [(a, b) for n, (a, one) in enumerate(texts) for b, other in texts[n + 1 :] if over(one, other)] == []


@pytest.mark.parametrize("text", few("rows", [one for one in MISFITS if "dense" in one], 2))
def test_on_a_phone_each_number_without_a_weight_still_bears_its_sign(visit: Any, text: str) -> None:
    state = replace(opening("receptive"), layer=stack_from_text(text), view="misfit")
    (wide, *_), (narrow, *_) = drawn(visit, state, DESK), drawn(visit, state, PHONE)
    assert narrow["signs"] == wide["signs"] > 0
