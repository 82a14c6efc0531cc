"""Animations are drawn apart: a bounded number waits, who leaves makes room, and what was drawn is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from convviz.page.link import from_query
from convviz.page.state import State, opening
from convviz.paint.svg import svg
from convviz.web.drawers import Failed, Full, Pool, Refused
from convviz.web.drawing import Stopped, Wanted, draw

PATIENCE = 30


def wanted(layer: str = "conv2d-i4-k3", **link: str) -> Wanted:
    state, wrong = from_query({"layer": layer, **link}, "convolution")
    assert not wrong
    return Wanted.of(state)


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(places=1, waiting=1, idle=5.0)
    yield made
    made.close()


def until(true: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


SLOW = wanted("conv2d-i20-k3")


def test_an_animation_is_drawn_and_kept(pool: Pool) -> None:
    assert pool.find(wanted()) is None
    job = pool.ask(wanted(), 0.1)
    job.drawn.result(PATIENCE)
    pool.leave(job)
    with pool.find(wanted()) as file:  # type: ignore[union-attr]
        assert file.read(6) == b"GIF89a"


def test_the_same_animation_is_drawn_once_for_all_who_ask(pool: Pool) -> None:
    one, other = pool.ask(SLOW, 5), pool.ask(SLOW, 5)
    assert one is other
    pool.leave(one)
    assert pool.busy() != (0, 0)
    pool.leave(other)
    until(lambda: pool.busy() == (0, 0))


def test_who_comes_when_no_more_can_wait_is_told_when_to_come_again(pool: Pool) -> None:
    first = pool.ask(SLOW, 5)
    until(lambda: pool.busy() == (1, 0))
    second = pool.ask(wanted("conv2d-i19-k3"), 5)
    with pytest.raises(Full) as full:
        pool.ask(wanted("conv2d-i18-k3"), 5)
    assert full.value.seconds >= 1
    pool.leave(second)
    assert pool.busy() == (1, 0), "who waits and leaves is drawn for no more"
    pool.leave(first)


def test_a_place_is_free_when_its_listener_has_left(pool: Pool) -> None:
    job = pool.ask(SLOW, 5)
    until(lambda: pool.busy() == (1, 0))
    pool.leave(job)
    until(lambda: pool.busy() == (0, 0))
    assert pool.find(SLOW) is None
    after = pool.ask(wanted(), 0.1)
    after.drawn.result(PATIENCE)
    pool.leave(after)


def test_files_make_room_for_others() -> None:
    pool = Pool(places=1, kept=1)
    try:
        for layer in ("conv2d-i4-k3", "conv2d-i5-k3"):
            job = pool.ask(wanted(layer), 0.1)
            job.drawn.result(PATIENCE)
            pool.leave(job)
        assert pool.find(wanted("conv2d-i4-k3")) is None
        with pool.find(wanted("conv2d-i5-k3")) as file:  # type: ignore[union-attr]
            assert file.read(3) == b"GIF"
    finally:
        pool.close()


def test_what_cannot_be_drawn_says_why(pool: Pool) -> None:
    job = pool.ask(wanted()._replace(view="isometric", layer="conv3d-i3-k2"), 0.1)
    with pytest.raises((Refused, Failed)):
        job.drawn.result(PATIENCE)
    pool.leave(job)


def test_a_closed_pool_leaves_no_process_and_no_file(pool: Pool) -> None:
    job = pool.ask(SLOW, 5)
    until(lambda: pool.busy() == (1, 0))
    folder = job.path.parent
    pool.close()
    assert not folder.exists()
    with pytest.raises(Failed):
        job.drawn.result(PATIENCE)


def states() -> list[State]:
    plain = opening("convolution")
    return [
        plain,
        replace(plain, step=3),
        replace(plain, beat=2),
        replace(plain, theme="light"),
        replace(plain, theme="auto"),
    ]


def test_an_animation_is_known_by_what_it_shows_alone() -> None:
    assert len({Wanted.of(state) for state in states()}) == 1
    plain = opening("convolution")
    others = [replace(plain, theme="dark"), replace(plain, view="matrix"), replace(plain, language="zh")]
    assert len({Wanted.of(state) for state in [plain, *others]}) == 4


def test_a_state_with_the_same_picture_comes_of_what_is_wanted() -> None:
    state = replace(opening("convolution"), view="matrix", theme="dark", language="zh")
    assert Wanted.of(Wanted.of(state).state()) == Wanted.of(state)


def test_a_file_has_the_kernel_that_its_link_names_and_its_division() -> None:
    named = wanted(w="kgaussian~0:3").state()
    assert named.weight.text() == "kgaussian~0:3" and "divided" in named.scene().order


LINKS = {"w": "kvertical", "x": "p0_24_48_120", "tones": "1", "view": "matrix", "lang": "zh", "theme": "dark"}


@pytest.mark.parametrize("link", [{part: text} for part, text in LINKS.items()], ids=list(LINKS))
def test_a_file_is_drawn_as_the_page_draws_it(link: dict[str, str]) -> None:
    state, wrong = from_query({"v": "1", "layer": "conv2d-i4-k3", **link}, "convolution")
    assert not wrong
    assert svg(Wanted.of(state).state().scene(), 3) == svg(state.scene(), 3)


def test_drawing_stops_between_two_frames_and_leaves_no_file(tmp_path: Any) -> None:
    stop, seen = Event(), []

    def stopped() -> bool:
        seen.append(1)
        if len(seen) == 6:
            stop.set()
        return stop.is_set()

    with pytest.raises(Stopped):
        draw(wanted("conv2d-i9-k3"), tmp_path / "x.gif", stopped)
    assert len(seen) == 6 and not list(tmp_path.iterdir())
