"""Whatever file somebody brings, it is read right or refused with a reason."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from depth import SOAK
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from convviz.errors import LayerError
from convviz.pictures import BYTES, SMALLER, grey_picture, photograph

ROOT = Path(__file__).parents[2]
RAMP = np.arange(60, dtype=np.uint8).reshape(6, 10) * 4


def file(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_grey_is_read_as_it_is(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    read = grey_picture(file(Image.fromarray(RAMP), kind, **options), "ramp")
    assert read.dtype == np.uint8 and np.abs(read.astype(int) - RAMP).max() <= 1


def test_a_photograph_s_own_format_is_read() -> None:
    read = grey_picture(file(Image.fromarray(RAMP), "JPEG", quality=95), "ramp.jpg")
    assert read.shape == RAMP.shape and np.abs(read.astype(int) - RAMP).mean() < 6


def test_sixteen_bits_a_pixel_are_read_as_grey_from_black_to_white() -> None:
    deep = Image.fromarray(RAMP.astype(np.uint16) * 257)
    assert np.abs(grey_picture(file(deep), "deep.png").astype(int) - RAMP).max() <= 1


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "1", "CMYK", "I", "F"])
def test_every_kind_of_colour_becomes_grey(mode: str) -> None:
    image = Image.fromarray(RAMP).convert(mode)
    kind = "TIFF" if mode in ("CMYK", "I", "F") else "PNG"
    read = grey_picture(file(image, kind), "picture")
    assert read.shape == RAMP.shape and read.ndim == 2
    if mode != "1":
        assert np.abs(read.astype(int) - RAMP).max() <= 4


def test_a_photograph_taken_on_its_side_stands_upright() -> None:
    turned = Image.fromarray(RAMP)
    exif = turned.getexif()
    exif[0x0112] = 6  # the camera was turned by a quarter
    read = grey_picture(file(turned, "JPEG", quality=95, exif=exif), "phone.jpg")
    assert read.shape == RAMP.T.shape and np.abs(read.astype(int) - np.rot90(RAMP, -1)).mean() < 6


def test_what_is_transparent_is_in_front_of_white() -> None:
    clear = Image.new("RGBA", (4, 3), (0, 0, 0, 0))
    clear.putpixel((1, 1), (0, 0, 0, 255))
    read = grey_picture(file(clear), "icon.png")
    assert read[1, 1] == 0 and (np.delete(read.ravel(), 5) == 255).all()


def test_a_picture_of_very_many_scans_is_refused_before_they_are_read() -> None:
    whole = file(Image.fromarray(RAMP), "JPEG", progressive=True)
    scans = whole.replace(b"\xff\xd9", b"") + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 5000
    with pytest.raises(LayerError, match="cannot be read as a picture"):
        grey_picture(scans, "slow.jpg")


def test_only_the_first_picture_of_an_animation_is_read() -> None:
    frames = [Image.fromarray(np.full((4, 5), value, dtype=np.uint8)) for value in (10, 200)]
    read = grey_picture(file(frames[0], "GIF", save_all=True, append_images=frames[1:]), "moving.gif")
    assert read.shape == (4, 5) and (read == 10).all()


def test_a_single_pixel_is_a_picture() -> None:
    assert grey_picture(file(Image.new("L", (1, 1), 77)), "dot.png").tolist() == [[77]]


@pytest.mark.parametrize("size", [(3, 40), (40, 3), (1, 200), (4, 4), (2, 2)])
def test_narrow_pictures_keep_their_sides(size: tuple[int, int]) -> None:
    assert grey_picture(file(Image.new("L", size, 5)), "strip.png").shape == size[::-1]


@pytest.mark.parametrize("size", [(3, 5000), (5000, 3), (900, 1), (1, 900)])
def test_long_strips_are_brought_down_and_never_to_nothing(size: tuple[int, int]) -> None:
    rows, columns = grey_picture(file(Image.new("L", size, 5)), "strip.png").shape
    assert 1 <= rows <= SMALLER and 1 <= columns <= SMALLER


def test_a_large_photograph_is_brought_down_by_means() -> None:
    rows, columns = np.mgrid[:600, :900]
    read = grey_picture(file(Image.fromarray(((rows // 4 + columns // 4) % 256).astype(np.uint8))), "large.png")
    assert max(read.shape) <= SMALLER and read.shape == (150, 225)
    assert (read == ((np.mgrid[:150, :225].sum(axis=0)) % 256)).all()


BROKEN = {
    "nothing": b"",
    "text": b"not a picture at all",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "html": b"<!doctype html><img src=x onerror=alert(1)>",
    "zeros": bytes(5000),
    "only a signature": b"\x89PNG\r\n\x1a\n",
    "half": file(Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 90), dtype=np.uint8)))[:4000],
    "half a jpeg": file(Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 90), dtype=np.uint8)), "JPEG")[
        :900
    ],
    "wrong checksum": file(Image.fromarray(RAMP)).replace(b"IDAT", b"IDAX"),
    "gif without a picture": b"GIF89a" + bytes(20),
    "pdf": b"%PDF-1.4\n1 0 obj\n",
    "zip": b"PK\x03\x04" + bytes(60),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_not_a_picture_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(LayerError, match=r"holiday\.png - cannot be read as a picture"):
        grey_picture(data, "holiday.png")


def test_a_file_of_too_many_bytes_is_refused_before_it_is_read() -> None:
    with pytest.raises(LayerError, match=r"8\.0 MiB - at most 8 MiB"):
        grey_picture(bytes(BYTES + 1), "large.png")


@pytest.mark.parametrize("size", [(20_001, 1_000), (6_000, 6_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_too_many_pixels_are_refused_before_any_is_unpacked(size: tuple[int, int]) -> None:
    data = bomb(*size)
    assert len(data) < 1000
    with pytest.raises(LayerError) as refused:
        grey_picture(data, "small.png")
    assert refused.value.key in ("picture_pixels", "picture_broken")


def test_a_long_and_narrow_picture_is_read() -> None:
    assert grey_picture(file(Image.new("L", (9_000, 3), 77)), "long.png").tolist() == [[77] * 236]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_upright_as_its_camera_says(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    seen = grey_picture(file(Image.fromarray(RAMP), "JPEG", quality=100, exif=exif), "turned.jpg").astype(int)
    turns = {1: RAMP, 2: RAMP[:, ::-1], 3: RAMP[::-1, ::-1], 4: RAMP[::-1], 5: RAMP.T}
    turns |= {6: RAMP[::-1].T, 7: RAMP[::-1, ::-1].T, 8: RAMP[:, ::-1].T}
    assert seen.shape == turns[orientation].shape
    assert np.abs(seen - turns[orientation].astype(int)).max() < 12


MEASURED = """
import io, resource, sys, threading
from PIL import Image
from convviz.errors import LayerError
from convviz.pictures import grey_picture
grey_picture(open(sys.argv[1], "rb").read(), "warm.png")
data = open(sys.argv[2], "rb").read()
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    print(grey_picture(data, "large").shape, file=sys.stderr)
except LayerError as error:
    print(error.key, file=sys.stderr)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) // 1024)
"""
LARGE = {
    "grey, 16 bit": ("PNG", "I;16", (6_000, 3_333)),
    "grey, 16 bit, refused": ("PNG", "I;16", (6_000, 6_000)),
    "transparent": ("PNG", "RGBA", (5_000, 4_000)),
    "palette": ("GIF", "P", (5_000, 4_000)),
    "webp": ("WEBP", "RGB", (2_400, 2_400)),
    "tiff": ("TIFF", "CMYK", (5_000, 4_000)),
    "jpeg": ("JPEG", "RGB", (12_000, 12_000)),
    "jpeg, progressive": ("JPEG", "RGB", (5_000, 4_000)),
}


@pytest.mark.long
@pytest.mark.parametrize("name", [n for n in LARGE if SOAK or n in ("grey, 16 bit", "transparent", "jpeg")])
def test_no_picture_takes_more_than_150_mb(name: str, tmp_path: Path) -> None:
    kind, mode, size = LARGE[name]
    options: dict[str, object] = {"progressive": "progressive" in name} if kind == "JPEG" else {}
    options |= {"compression": "tiff_lzw"} if kind == "TIFF" else {"lossless": True} if kind == "WEBP" else {}
    (tmp_path / "small").write_bytes(file(Image.fromarray(RAMP)))
    (tmp_path / "large").write_bytes(file(Image.new(mode, size), kind, **options))
    command = [sys.executable, "-c", MEASURED, str(tmp_path / "small"), str(tmp_path / "large")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd=ROOT)
    assert int(done.stdout) <= 150, done.stdout + done.stderr


@settings(max_examples=60, deadline=None)
@given(some.binary(max_size=200), some.integers(0, 90))
def test_any_bytes_give_a_picture_or_a_reason(noise: bytes, at: int) -> None:
    whole = file(Image.fromarray(RAMP))
    for data in (noise, whole[:at] + noise + whole[at + len(noise) :]):
        try:
            assert grey_picture(data, "noise.png").ndim == 2
        except LayerError as error:
            assert error.key.startswith("picture_")


def test_the_bundled_photograph_can_be_read() -> None:
    grey = photograph()
    assert min(grey.shape) >= 64 and grey.std() > 20
