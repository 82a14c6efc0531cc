"""The page on gates: cells open to their taps, a preset brings a sentence, a refusal mends itself, code is copied."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from convviz.lessons import LESSONS
from convviz.page.state import opening
from convviz.page.tour import preset
from convviz.text import say

PLAN = LESSONS["gates"]


def test_pointing_at_what_passes_lights_value_share_gate_and_their_window(visit: Any) -> None:
    scene = opening("gates").scene()
    visit.go("gates").paused()
    visit.seek(scene.steps - 1)
    mark = int(scene.track["current"].marks[5, 0])
    visit.point(mark)
    visit.comes(visit.lit, {mark, *scene.cone(mark)})


def test_a_preset_brings_its_sentence_and_takes_it_away_again(visit: Any) -> None:
    setting = PLAN.preset("gated_sentence").setting
    visit.go("gates").paused()
    with visit.change():
        visit.choose(setting)
    words = [label.text for label in preset(opening("gates"), setting).scene().labels if label.name[:5] == "head:"]
    assert words == say("tokens.meal.words").split()
    for word in words:
        expect(visit.player.locator("text", has_text=word).first).to_be_visible()
    with visit.change():
        visit.choose(PLAN.opening)
    expect(visit.player.locator("text", has_text=words[1])).to_have_count(0)


def test_a_residual_that_does_not_fit_offers_the_padding_with_which_it_does(visit: Any) -> None:
    visit.go("gates", {"v": "1", "layer": "gated1d-i9-k3"}).paused()
    visit.dial("residual").click()
    fix = visit.page.locator(".dial", has=visit.dial("residual")).locator(".fix")
    expect(fix).to_contain_text("same")
    with visit.change():
        fix.click()
    expect(visit.dial("residual")).to_be_checked()


def test_code_is_copied_or_selected(visit: Any) -> None:
    visit.go("gates").paused()
    shown = visit.page.locator(".story section").nth(2)
    for code, box in zip(PLAN.codes, shown.locator("details").all(), strict=True):
        box.locator("summary").click()
        expect(box.locator("code")).to_have_text(code.text)
        box.locator("button").click()
        expect(box.locator("button")).not_to_have_text(say("codes.copy"))
