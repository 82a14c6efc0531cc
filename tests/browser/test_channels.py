"""The lesson on channels in a browser: what both ways cost, the dial of groups, and which channels a map reads."""

from __future__ import annotations

from typing import Any

from openings import seeded
from playwright.sync_api import expect
from reading import places

from convviz.lessons import LESSONS
from convviz.page.state import opening
from convviz.page.tour import showing

SIX = "conv2d-i5-k1-c6-o6"


def test_both_ways_say_what_they_cost(visit: Any) -> None:
    names = [beat.name for beat in LESSONS["channels"].beats]
    state = showing(opening("channels"), {"kind": "beat", "n": names.index("pair")})
    visit.open(state, plays=False)
    told = visit.part("svg").locator("text.r-title")
    expect(told.filter(has_text="Ordinary: 108 weights, 2,700 multiply-accumulates")).to_be_visible()
    expect(told.filter(has_text="Depthwise, then pointwise: 39 weights, 975 multiply-accumulates")).to_be_visible()
    expect(visit.part("formulas")).to_contain_text("39/108 = 975/2,700 = 0.36111")
    expect(visit.part("tour_text")).to_contain_text(
        "27 + 12 = 39 weights instead of 108, 975 multiply-accumulates instead of 2,700"
    )
    expect(visit.part("note")).to_have_text("Parameters: 108. Multiply-accumulates: 2,700.")


def test_one_dial_goes_through_all_divisors_from_ordinary_to_depthwise(visit: Any) -> None:
    visit.open(seeded("channels", SIX), plays=False)
    dial = visit.dial("groups")
    shown = visit.page.locator(".dial", has=dial).locator("output")
    expect(shown).to_have_text("1 · ordinary")
    dial.focus()
    for said, weights in (("2 · grouped", 18), ("3 · grouped", 12), ("6 · depthwise", 6)):
        with visit.change():
            visit.page.keyboard.press("ArrowRight")
        expect(shown).to_have_text(said)
        expect(dial).to_have_attribute("aria-valuetext", said)
        expect(visit.part("note")).to_contain_text(f"Parameters: {weights}.")
    visit.page.wait_for_url(lambda url: "-g6" in url)
    with visit.change():
        visit.dial("in_channels").fill("4")
    expect(shown).to_have_text("2 · grouped")
    visit.page.wait_for_url(lambda url: "-c4-o6-g2" in url)


def test_pointing_at_an_output_lights_the_planes_of_its_group_alone(visit: Any) -> None:
    state = seeded("channels", "conv2d-i3-k2-c4-o2-g2")
    visit.open(state, plays=False)
    scene = state.scene()
    x = places(scene, "x")
    first, second = (grid for grid in scene.grids if grid.name == "output")
    for grid, channels in ((first, {0, 1}), (second, {2, 3})):
        lit = scene.cone(grid.first)
        assert {x[m] // 9 for m in lit if m in x} == channels
        visit.point(grid.first)
        expect(visit.player.locator(".marks path").first).to_be_attached()
