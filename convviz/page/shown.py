"""What the player is sent with a state's picture: its link, its words, its files."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlencode

from convviz.export.formats import FORMATS, Format, Options
from convviz.export.name import paced_name
from convviz.lessons import LESSONS
from convviz.lessons.facts import facts, spelled
from convviz.page import photo
from convviz.page.link import link, to_query
from convviz.page.pasting import misfit_of
from convviz.page.state import State
from convviz.page.tables import offered_tables
from convviz.page.tour import look, tour
from convviz.scene.moments import PACES, count_unfolded
from convviz.scene.scene import Scene
from convviz.text import catalogue, say
from convviz.themes import Theme

SIZES = {"i": "input_size", "o": "output_size", "k": "kernel_size", "s": "stride", "p": "pads", "d": "dilation"}
"""The letters by which a note names what a layer has along its axes."""


def shown(state: State, theme: Theme) -> tuple[Scene, dict[str, object]]:
    """A state's scene, and what the player needs beside it that changes with the state."""
    scene = state.scene()
    others = {"link": link(state), "note": note(state), "tour": tour(state), "look": look(state)}
    return scene, others | offered(state, scene, theme)


def note(state: State) -> str:
    """What the layer costs, in words; of a transposed layer, also whose parameters they are."""
    if state.kept:
        alone = (replace(state, layer=state.kept.layer, kept=None), replace(state, kept=None))
        letters = [say(f"compare.{side}", state.language) for side in "ab"]
        return "\n".join(
            say("compare.of", state.language, letter=letter, said=line)
            for letter, one in zip(letters, alone, strict=True)
            for line in note(one).split("\n")
        )
    own = "cost.misfit" if misfit_of(state) else f"cost.{state.layer.kind}"
    usual = "cost.network" if LESSONS[state.lesson].edits else "cost.line"  # in the words of its table
    numbers, lines = facts(state.layer), [own if own in catalogue(state.language) else usual]
    if not state.stack and state.single.spreads:
        numbers |= {letter: spelled(getattr(state.layer, name)) for letter, name in SIZES.items()}
        lines.append("cost.forward")
    return "\n".join(say(line, state.language, **numbers) for line in lines)


def file_name(state: State, options: Options | None = None) -> str:
    """A name that says the settings, the pace and the speed, as far as a name may go, without its suffix.

    >>> from convviz.page.state import opening
    >>> file_name(opening("dilated"))
    'conv2d-i7-k3-d2-flat'
    """
    asked = options or Options()
    parts = [state.kept.text, "vs", state.text] if state.kept else [state.text]
    text = "-".join(part.replace("~", "+")[: 120 // len(parts)] for part in parts)
    return f"{text}-{state.seen}{paced_name(asked.pace, asked.speed)}"


def seconds_of(scene: Scene, made: Format, pace: str = PACES[0]) -> float:
    """About how long it takes to draw all frames and store them."""
    return max(0.1, count_unfolded(scene, pace) * made.frame_seconds * (1 + scene.cells / 20_000))


def _estimate(state: State, seconds: float) -> str:
    rounded = f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"
    return say("export.estimate", state.language, seconds=rounded)


def offered(state: State, scene: Scene, theme: Theme) -> dict[str, object]:
    """What the player needs for its buttons: the files' name, and of each format its suffix and label.

    Of those that the server makes also the address, and how long it takes where frames are drawn; of those that heed
    the pace, how long it takes term by term.
    """
    name = file_name(state)
    query = urlencode(to_query(state) | {"lang": state.language, "theme": theme.name}, safe="~:,.@")
    files = []
    for one in FORMATS:
        said: dict[str, object] = {"suffix": one.suffix, "label": one.label}
        if one.page == "server":
            said["address"] = f"export/{state.lesson}/{quote(name)}{one.suffix}?{query}"
        if one.kind == "animation":
            said["estimate"] = _estimate(state, seconds_of(scene, one))
        if "pace" in one.options:
            slow = _estimate(state, seconds_of(scene, one, "terms")) if one.kind == "animation" else ""
            said["paced"] = {"terms": slow}
        if one.page and not one.missing:
            files.append(said)
    files += photo.files(scene, state.language)
    for suffix, table in offered_tables(state).items():
        files.append(
            {"suffix": suffix, "label": table.label, "address": f"export/{state.lesson}/{quote(name)}{suffix}?{query}"}
        )
    return {"name": name, "files": files}
