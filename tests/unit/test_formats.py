"""Formats are records: Python, the command, the page and the documents know the same ones, and each keeps its word."""

from __future__ import annotations

import inspect
import io
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

import convviz as cv
from convviz import cli
from convviz.errors import LayerError
from convviz.export import formats, save
from convviz.export.formats import FORMATS, Format, Options, format_named, listed
from convviz.export.html import html
from convviz.layers import REGISTRY
from convviz.paint.drawing import pixels_at
from convviz.scene.scene import Scene
from convviz.text import LANGUAGES, catalogue, say
from convviz.themes import THEMES

ROOT = Path(__file__).parents[2]
EACH = pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)


def saved(shown: Any, suffix: str, **options: Any) -> bytes:
    file = io.BytesIO()
    cv.save(shown, file, suffix=suffix, **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def scene() -> Scene:
    return cv.scene(cv.trace(cv.Conv(5, 3, stride=2, padding=1)))


@EACH
def test_a_record_s_file_writes_it_and_stands_alone(one: Format) -> None:
    assert one.suffix == one.suffix.lower() and re.fullmatch(r"\.[a-z0-9]+", one.suffix)
    assert [other.suffix for other in FORMATS].count(one.suffix) == 1
    assert re.fullmatch(r"(image|text|video|application)/[a-z0-9.+-]+", one.media_type)
    written = inspect.signature(import_module(f"convviz.export.{one.name}").write)
    assert list(written.parameters) == ["scene", "file", "theme", "options"]
    assert set(one.options) <= {"step", *Options._fields} - {"progress"}


@EACH
def test_python_and_the_command_write_the_same_file_in_each_format(one: Format, tmp_path: Path) -> None:
    python, command, named = (tmp_path / f"{name}{one.suffix}" for name in ("python", "command", "named"))
    cv.save(cv.Conv(4, 3), python)
    assert cli.main(["gif", "conv", "-i", "4", "-k", "3", "-o", str(command)]) == 0
    assert cli.main(["gif", "conv2d-i4-k3", "--format", one.name, "-o", str(named.with_suffix(".dat"))]) == 0
    assert python.read_bytes() == command.read_bytes() == named.with_suffix(".dat").read_bytes()
    assert saved(cv.Conv(4, 3), one.suffix.upper()) == python.read_bytes()


@EACH
def test_whoever_asks_hears_of_each_format(one: Format, capsys: pytest.CaptureFixture[str]) -> None:
    assert f'"{one.suffix}"' in (cv.save.__doc__ or "")
    with pytest.raises(LayerError, match=re.escape(one.suffix)):
        saved(cv.Conv(4, 3), ".bmp")
    for words in (["--help"], ["gif", REGISTRY[0].kind, "--help"]):
        assert cli.main(words) == 0
        assert one.suffix in capsys.readouterr().out
    assert cli.main(["gif", "conv2d-i4-k3", "--format", "bmp"]) == 2
    assert one.name in capsys.readouterr().err


@EACH
@pytest.mark.parametrize("document", ["README.md", "docs/adding-a-format.md", "docs/architecture.md"])
def test_the_documents_name_each_format(one: Format, document: str) -> None:
    assert one.label in (ROOT / document).read_text("utf-8")


OTHERWISE = {"step": 2, "scale": 20, "step_ms": 320, "pause_ms": 3210, "loop": False, "pace": "terms"}
OTHERWISE |= {"speed": 4, "width": 300, "transparent": True, "sum_line": True}


@pytest.mark.long
@EACH
@pytest.mark.parametrize("option", OTHERWISE)
def test_a_format_heeds_the_options_of_its_record_and_no_others(one: Format, option: str, scene: Scene) -> None:
    other = saved(scene, one.suffix, **{option: OTHERWISE[option]})
    assert (other != saved(scene, one.suffix)) is (option in one.options)


@EACH
def test_each_theme_and_language_gives_another_file(one: Format) -> None:
    trace = cv.trace(cv.Conv(4, 3))
    assert len({saved(trace, one.suffix, theme=theme) for theme in ("light", "dark", "classic")}) == 3
    assert len({saved(trace, one.suffix, language=language) for language in LANGUAGES}) == len(LANGUAGES)


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Format]:
    """A format that cannot be written here."""
    one = replace(FORMATS[0], suffix=".none", label="None", needs=("convviz.errors", "no_such.module"))
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, one))
    yield one


def test_a_format_that_lacks_something_says_what(lacking: Format, tmp_path: Path) -> None:
    assert lacking.missing == ("no_such.module",)
    for language in LANGUAGES:
        with pytest.raises(LayerError, match=r"no_such\.module") as caught:
            cv.save(cv.Conv(4, 3), tmp_path / "x.none")
        assert caught.value.key == "format_needs" and "x.gif" in caught.value.text(language)
    assert not list(tmp_path.iterdir())


def test_here_nothing_is_missing() -> None:
    assert not [one.missing for one in FORMATS if one.missing]


@pytest.mark.parametrize(
    ("wrong", "nearest"), [(".mp4", ".gif"), (".pngs", ".png"), (".htm", ".html"), (".WEB", ".webp"), ("", ".gif")]
)
def test_a_wrong_suffix_leads_to_the_nearest_that_works(wrong: str, nearest: str) -> None:
    with pytest.raises(LayerError, match=re.escape(listed())) as caught:
        format_named(wrong, f"some{wrong}")
    assert caught.value.fix == {"path": f"some{nearest}"}


VIEWS = (
    ("flat", cv.Conv(6, 3, stride=2, padding=1)),
    ("isometric", cv.Conv(5, 3, padding=1)),
    ("stamp", cv.ConvTranspose(3, 3, stride=2)),
    ("matrix", cv.Conv(4, 3)),
)


@pytest.mark.long
@pytest.mark.parametrize(("view", "layer"), VIEWS, ids=lambda one: one if isinstance(one, str) else "")
@pytest.mark.parametrize("theme", ["light", "classic"])
def test_a_webp_has_the_gif_s_frames_to_the_last_pixel(view: str, layer: Any, theme: str) -> None:
    shown = cv.scene(cv.trace(layer), view=view)
    gif, webp = (Image.open(io.BytesIO(saved(shown, suffix, theme=theme, scale=21))) for suffix in (".gif", ".webp"))
    assert gif.n_frames == webp.n_frames == shown.steps and gif.size == webp.size
    for t, (one, other) in enumerate(zip(ImageSequence.Iterator(gif), ImageSequence.Iterator(webp), strict=True)):
        seen = np.asarray(other.convert("RGBA"))
        assert np.array_equal(np.asarray(one.convert("RGB")), seen[..., :3]), t
        assert seen[..., 3].min() == 255, "nothing of the picture is clear"
        assert np.abs(pixels_at(shown, t, THEMES[theme], 21).astype(int) - seen[..., :3]).mean() <= 2


def test_a_webp_keeps_the_pace_and_plays_on_or_once(scene: Scene) -> None:
    for loop, count in ((True, 0), (False, 1)):
        data = saved(scene, ".webp", step_ms=250, pause_ms=900, loop=loop)
        with Image.open(io.BytesIO(data)) as file:
            assert file.info["loop"] == count
            times = [(file.seek(t), file.load(), file.info["timestamp"])[2] for t in range(file.n_frames)]
            assert times == [250 * t for t in range(scene.steps)]
        assert durations(data) == [250] * (scene.steps - 1) + [900]


def durations(data: bytes) -> list[int]:
    """Milliseconds of each frame, as the container says them."""
    found, at = [], 12
    while at < len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"ANMF":
            found.append(int.from_bytes(data[at + 20 : at + 23], "little"))
            assert data[at + 24 : at + 28] == b"VP8L", "each image is lossless"
        at += 8 + size + size % 2
    assert at == len(data) == 8 + int.from_bytes(data[4:8], "little")
    return found


def test_a_webp_of_one_step_and_of_equal_steps_can_be_read(scene: Scene) -> None:
    still = replace(scene, tracks=tuple(replace(t, marks=np.repeat(t.marks[:1], 9, axis=0)) for t in scene.tracks))
    still = replace(still, step_texts=(), grids=tuple(replace(grid, born=None) for grid in still.grids))
    for shown, frames in ((still, 9), (replace(still, steps=1), 1), (cv.scene(cv.Conv(3, 3)), 1)):
        data = saved(shown, ".webp", scale=12)
        assert len(durations(data)) == frames
        with Image.open(io.BytesIO(data)) as file:
            assert np.array_equal(np.asarray(file.convert("RGB")).shape, pixels_at(shown, 0, THEMES["light"], 12).shape)


class Nowhere(io.RawIOBase):
    """A file that takes everything, keeps nothing, and cannot be read or gone back in."""

    def write(self, data: Any) -> int:
        return len(data)


@pytest.mark.long
@pytest.mark.parametrize("suffix", [one.suffix for one in FORMATS if one.kind == "animation"])
def test_memory_does_not_grow_with_the_number_of_frames(suffix: str) -> None:
    long = cv.scene(cv.trace(cv.Conv(14, 3)))

    def peak(steps: int) -> int:
        tracemalloc.start()
        try:
            cv.save(replace(long, steps=steps), Nowhere(), suffix=suffix, scale=12)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    cv.save(long, Nowhere(), suffix=suffix, scale=12)  # the outlines of its letters are kept from here on
    assert peak(long.steps) < peak(20) + 400_000, "less than two pictures more"


GUARD = """
import sys
class Guard:
    def find_spec(self, name, path=None, target=None):
        assert name.split(".")[0] not in {"streamlit", "matplotlib", "PIL", "imageio"}, name
sys.meta_path.insert(0, Guard())
import convviz as cv
cv.save(cv.scene(cv.trace(cv.Conv(4, 3))), sys.argv[1])
assert "streamlit" not in sys.modules
"""


def test_a_page_is_written_without_streamlit_and_without_what_draws_pixels(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", GUARD, str(tmp_path / "x.html")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.html").stat().st_size > 10_000


def test_a_page_names_no_address_and_stays_small(scene: Scene) -> None:
    text = html(scene, THEMES["light"])
    known = ("http://www.w3.org/2000/svg",)
    assert {found for found in re.findall(r"https?://[^\s\"'`]+", text) if found not in known} == set()
    assert not re.search(r"\b(?:src|href)=[\"'](?!#)", text)
    assert len(text.encode()) < 245_000, (
        "with its letters, as a font and as outlines, the layout for a phone, and the lens"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_speaks_the_scene_s_language(language: str) -> None:
    text = html(cv.scene(cv.Conv(4, 3), language=language), THEMES["dark"])
    assert f'<html lang="{language}">' in text
    assert f'"{say("player.play", language)}"' in text and say("player.aria.picture_alone", language) in text
    other = next(one for one in LANGUAGES if one != language)
    assert f'"{catalogue(other)["player.play"]}"' not in text


def test_nothing_in_a_scene_ends_the_page_s_script(scene: Scene) -> None:
    label = replace(scene.labels[0], text="</script><b>{x}</b><!--")
    text = html(replace(scene, labels=(label,)), THEMES["light"])
    assert text.count("</script>") == 2 and "{x}" in text


def test_a_name_that_no_file_can_have_is_not_told_as_a_format(tmp_path: Path) -> None:
    with pytest.raises(LayerError) as caught:
        cv.save(cv.Conv(4, 3), tmp_path / "a\0b.webp")
    assert caught.value.key == "no_file"
    assert save.save is cv.save
