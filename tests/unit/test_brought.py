"""Pictures that are filtered whole: whatever file somebody brings is read in colour, or refused with a reason."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from depth import SOAK
from PIL import Image
from test_pictures import BROKEN, LARGE, MEASURED, bomb, file

from convviz.errors import LayerError
from convviz.page import brought as store
from convviz.page.brought import KEPT, brought, keep, keep_packed, packed_pixels
from convviz.page.link import from_query, to_query
from convviz.page.sources import chosen, still_here
from convviz.page.state import opening
from convviz.page.values import Values, values_from_text
from convviz.pictures import BYTES, colour_picture
from convviz.pictures import LARGE as MOST

ROOT = Path(__file__).parents[2]
RAMP = np.stack([np.arange(60).reshape(6, 10) * 4, np.full((6, 10), 90), np.arange(60)[::-1].reshape(6, 10) * 4], 2)
RAMP = RAMP.astype(np.uint8)
COLOURS = Image.fromarray(RAMP)


def cut(kind: str, share: float) -> bytes:
    """The first part of a file."""
    noise = np.random.default_rng(3).integers(0, 256, (90, 90, 3), dtype=np.uint8)
    data = file(Image.fromarray(noise), kind)
    return data[: int(len(data) * share)]


def flipped(kind: str, at: float) -> bytes:
    """A file of which some bytes in a row are other ones."""
    data = bytearray(cut(kind, 1))
    start = int(len(data) * at)
    data[start : start + 40] = bytes(255 - byte for byte in data[start : start + 40])
    return bytes(data)


CUT = [(kind, share) for kind in ("PNG", "JPEG", "WEBP") for share in (0.02, 0.5)]
HOSTILE: dict[str, bytes] = {
    **BROKEN,
    **{
        f"the first {share:.0%} of a {kind}": cut(kind, share)
        for kind in ("PNG", "JPEG", "WEBP")
        for share in (0.02, 0.5)
    },
    "a PNG with other bytes": flipped("PNG", 0.5),
    "a GIF that ends": cut("GIF", 0.4),
    "a BMP that ends": cut("BMP", 0.4),
    "a TIFF that ends": cut("TIFF", 0.4),
    "a PNG that claims a billion pixels": bomb(30_000, 30_000),
    "a PNG that claims a long line": bomb(2**31 - 1, 1),
    "a PNG of no width": bomb(0, 9),
    "a PNG without its pixels": bomb(3_000, 3_000),
    "an icon": file(Image.new("RGB", (16, 16)), "ICO"),
    "a PPM": file(COLOURS, "PPM"),
    "a JPEG 2000 signature": b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(40),
    "a HEIC signature": b"\x00\x00\x00\x18ftypheic" + bytes(60),
    "an AVIF signature": b"\x00\x00\x00\x1cftypavif" + bytes(60),
    "a program": b"\x7fELF" + bytes(200),
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "JSON": b'{"pixels": [1, 2, 3]}',
    "too many bytes": bytes(BYTES + 1),
    "a PNG with more bytes behind it than are read": file(COLOURS) + bytes(BYTES),
}


def test_there_are_thirty_of_them() -> None:
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_broken_huge_or_hostile_file_is_refused_with_a_message(data: bytes) -> None:
    with pytest.raises(LayerError) as refused:
        colour_picture(data, "<b>[holiday](x).png")
    assert refused.value.key in ("picture_broken", "picture_large", "picture_pixels")
    for language in ("en", "zh"):
        assert refused.value.text(language) and "{" not in refused.value.text(language)


@pytest.mark.parametrize("name", ["photo.jpg", "photo.gif", "photo", "../../etc/passwd", "x" * 5000, ""])
def test_a_mislabelled_file_is_what_it_is(name: str) -> None:
    assert np.array_equal(colour_picture(file(COLOURS), name).pixels, RAMP)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16"])
def test_every_kind_of_pixels_becomes_red_green_and_blue(mode: str) -> None:
    image = Image.fromarray(RAMP[..., 0].astype(np.uint16) * 257) if mode == "I;16" else COLOURS.convert(mode)
    found = colour_picture(file(image, "TIFF" if mode == "CMYK" else "PNG"), "picture").pixels
    assert found.shape == (6, 10, 3) and found.dtype == np.uint8
    if mode in ("RGB", "RGBA"):
        assert np.array_equal(found, RAMP)
    if mode in ("L", "LA", "I;16"):
        assert (found[..., :1] == found).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_upright_as_its_camera_says(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = colour_picture(file(COLOURS, "PNG", exif=exif), "turned.png").pixels
    turns = {1: RAMP, 2: RAMP[:, ::-1], 3: RAMP[::-1, ::-1], 4: RAMP[::-1]}
    turns |= {5: RAMP.transpose(1, 0, 2), 6: RAMP[::-1].transpose(1, 0, 2)}
    turns |= {7: RAMP[::-1, ::-1].transpose(1, 0, 2), 8: RAMP[:, ::-1].transpose(1, 0, 2)}
    assert np.array_equal(found, turns[orientation])


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ((MOST, MOST), (MOST, MOST)),
        ((MOST + 1, 600), (MOST, 599)),
        ((1600, 1200), (MOST, 768)),
        ((1200, 1600), (768, MOST)),
        ((4096, 2048), (MOST, 512)),
        ((9000, 3), (MOST, 1)),
        ((1, 1), (1, 1)),
        ((3, 40), (3, 40)),
    ],
)
def test_what_is_larger_than_can_be_worked_on_is_scaled_down_and_says_what_it_was(
    size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    found = colour_picture(file(Image.new("RGB", size, (10, 200, 30))), "large.png")
    assert found.whole == size
    assert found.pixels.shape[1::-1] == wanted
    assert (found.pixels == (10, 200, 30)).all()


def test_a_large_one_is_brought_down_by_means() -> None:
    rows, columns = np.mgrid[:1500, :2000]
    grey = ((rows + columns) * 255 // 3500).astype(np.uint8)
    found = colour_picture(file(Image.fromarray(grey)), "large.png").pixels[..., 0].astype(float)
    high, wide = found.shape
    wanted = (np.arange(high)[:, None] / high * 1500 + np.arange(wide) / wide * 2000) * 255 / 3500
    assert np.abs(found - wanted).max() < 2


@pytest.mark.long
@pytest.mark.parametrize("name", [n for n in LARGE if SOAK or n in ("transparent", "jpeg")])
def test_no_picture_takes_more_than_150_mb(name: str, tmp_path: Path) -> None:
    kind, mode, size = LARGE[name]
    options: dict[str, Any] = {"progressive": "progressive" in name} if kind == "JPEG" else {}
    options |= {"compression": "tiff_lzw"} if kind == "TIFF" else {"lossless": True} if kind == "WEBP" else {}
    (tmp_path / "small").write_bytes(file(COLOURS))
    (tmp_path / "large").write_bytes(file(Image.new(mode, size), kind, **options))
    script = MEASURED.replace("grey_picture", "colour_picture").replace(".shape", ".pixels.shape")
    command = [sys.executable, "-c", script, str(tmp_path / "small"), str(tmp_path / "large")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd=ROOT)
    assert int(done.stdout) <= 150, done.stdout + done.stderr


# --- what is kept of them -------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_kept", type(store._kept)())


def some(n: int) -> Any:
    return np.full((20, 30, 3), n, dtype=np.uint8)


def test_a_few_are_kept_and_the_one_that_was_not_looked_at_goes_first() -> None:
    names = [keep(some(n)) for n in range(KEPT)]
    brought(names[0])
    keep(some(KEPT))
    assert np.array_equal(brought(names[0]), some(0))
    with pytest.raises(LayerError) as gone:
        brought(names[1])
    assert gone.value.key == "picture_gone"


def test_a_link_names_the_picture_and_restores_it_or_says_that_it_has_gone() -> None:
    state = chosen(opening("filters"), "u", some(9))
    assert state.layer.input_size == (20, 20) and state.x.text().startswith("u")
    assert values_from_text(state.x.text()) == state.x
    assert from_query(to_query(state), "filters") == (state, [])
    part = chosen(state, "u_2_3_10", some(9))
    assert part.x.numbers == (2, 3, 10) and part.layer == state.layer
    store._kept.clear()
    found, (why,) = from_query(to_query(state), "filters")
    assert why.key == "picture_gone" and found.x == opening("filters").x and found.layer == state.layer
    assert still_here(state)[0] == replace(state, x=opening("filters").x)
    assert still_here(opening("filters")) == (opening("filters"), None)


def test_another_lesson_takes_no_such_picture_from_a_link() -> None:
    name = keep(some(4))
    state, (why,) = from_query({"v": "1", "x": f"u{name}_0_0_5"}, "convolution")
    assert why.key == "values" and state.x == opening("convolution").x


@pytest.mark.parametrize("text", ["u", "u_0_0_5", "uzz_0_0_5", "u../x_0_0_5", "u0_0_0", "u0_0_0_5_6", "u0_-1_0_5"])
def test_a_text_of_no_picture_is_refused(text: str) -> None:
    state, wrong = from_query({"v": "1", "x": text}, "filters")
    assert len(wrong) == 1 and state.x == opening("filters").x


def test_its_pixels_are_the_input_in_grey_and_in_colour() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (16, 16, 3)).astype(np.uint8)
    values = Values("own", (0, 0, 16), name=keep(pixels))
    assert np.array_equal(values.array((3, 16, 16), 0, 5), pixels.transpose(2, 0, 1))
    grey = np.asarray(Image.fromarray(pixels).convert("L")).astype(int)
    assert np.abs(values.array((1, 16, 16), 0, 5)[0] - grey).max() <= 1


def test_another_process_is_given_the_pixels() -> None:
    values = Values("own", (0, 0, 20), name=keep(some(7)))
    packed = packed_pixels(values.text())
    store._kept.clear()
    assert packed_pixels(values.text()) is None and packed_pixels("p3_0_0_512") is None
    keep_packed(packed)
    keep_packed(None)
    assert np.array_equal(brought(values.name), some(7))
