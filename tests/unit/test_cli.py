"""The command: any layer, any parameter; what is wrong is said in one line, and never with a traceback."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from depth import cases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import convviz as cv
from convviz.cli import from_options, main
from convviz.layers import REGISTRY
from convviz.layers.notation import from_text
from convviz.text import LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.gif"


def frames(path: Path) -> int:
    with Image.open(path) as file:
        return file.n_frames


@pytest.mark.parametrize(
    ("words", "layer"),
    [
        ("conv -i 5 -k 3 -s 2 -p 1", cv.Conv(5, 3, stride=2, padding=1)),
        ("conv -i 5x7 -k 2x3 -p 1.2 -d 1x2", cv.Conv((5, 7), (2, 3), padding=((1, 2), (1, 2)), dilation=(1, 2))),
        ("conv -i 6 -k 3 -p same --dims 1", cv.Conv((6,), 3, padding="same")),
        ("conv --input-size 3x4x3 --kernel-size 2", cv.Conv((3, 4, 3), 2)),
        ("conv -i 4 -k 3 -p 1 -m reflect -f", cv.Conv(4, 3, padding=1, padding_mode="reflect", flip=True)),
        ("conv -i 4 -k 2 -c 2 --out-channels 2 -g 2 --bias", cv.Conv(4, 2, 1, 0, 1, 2, 2, 2, bias=True)),
        ("tconv -i 3 -k 3 -s 2 -p 1 -a 1", cv.ConvTranspose(3, 3, stride=2, padding=1, output_padding=1)),
        ("conv-transpose -i 3 -k 3 --view both", cv.ConvTranspose(3, 3)),
        ("maxpool -i 4 -k 2", cv.MaxPool(4, 2)),
        ("avgpool -i 4 -k 3 -p 1 --no-count-include-pad", cv.AvgPool(4, 3, padding=1, count_include_pad=False)),
        ("dense -i 4 --out-features 3 --no-bias", cv.Dense(4, 3, bias=False)),
        ("conv2d-i5-k3-s2-p1", cv.Conv(5, 3, stride=2, padding=1)),
        ("dense-i4-o3", cv.Dense(4, 3)),
        ("conv1d-i9-k3~conv1d-i7-k3-d2", cv.Network([cv.Conv((9,), 3), cv.Conv((7,), 3, dilation=2)])),
    ],
)
def test_any_layer_can_be_drawn(words: str, layer: Any, out: Path) -> None:
    assert main(["gif", *words.split(), "--scale", "12", "-o", str(out)]) == 0
    view = "both" if "both" in words else None
    cv.save(layer, out.with_name("wanted.gif"), scale=12, view=view)
    assert out.read_bytes() == out.with_name("wanted.gif").read_bytes()


def test_every_parameter_of_every_layer_has_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in REGISTRY:
        assert main(["gif", kind.kind, "--help"]) == 0
        text = capsys.readouterr().out
        for parameter in kind.parameter_list:
            assert f"--{parameter.name.replace('_', '-')}" in text
            assert f"-{parameter.letter}, " in text


def test_a_layer_is_made_of_its_options() -> None:
    for text in ("conv2d-i5-k3-s2-p1", "conv1d-i9-k3-pcausal", "tconv3d-i2-k2-s2", "dense-i4-o3", "avgpool2d-i4-k2-c2"):
        kind = next(kind for kind in REGISTRY if text.startswith(kind.kind))
        names = {parameter.letter: parameter.name for parameter in kind.parameter_list}
        given: dict[str, Any] = {names[part[0]]: part[1:] for part in text.split("-")[1:]}
        dims = int(text[text.index("d-") - 1]) if kind.shared else None
        assert from_options(kind, given, dims) == from_text(text)


@pytest.mark.parametrize(
    "options",
    [
        {"--theme": "dark"},
        {"--view": "isometric"},
        {"--language": "zh"},
        {"--step-ms": "300"},
        {"--scale": "20"},
        {"--seed": "5"},
    ],
)
def test_options_of_the_picture_change_the_file(options: dict[str, str], out: Path) -> None:
    plain = out.with_name("plain.gif")
    words = ["gif", "conv", "-i", "4", "-k", "3"]
    assert main([*words, "-o", str(plain)]) == 0
    assert main([*words, *(word for pair in options.items() for word in pair), "-o", str(out)]) == 0
    assert frames(out) == frames(plain) == 4
    assert out.read_bytes() != plain.read_bytes()


def test_stills_and_svg_by_suffix(tmp_path: Path) -> None:
    for name in ("a.png", "a.svg"):
        assert main(["gif", "conv2d-i4-k3", "--step", "2", "-o", str(tmp_path / name)]) == 0
    cv.save(cv.Conv(4, 3), tmp_path / "b.png", step=2)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.svg").read_text("utf-8").startswith("<svg")


def test_a_file_that_is_not_named_is_named_after_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["gif", "conv", "-i", "4", "-k", "3", "--view", "matrix", "--scale", "8"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["conv2d-i4-k3-matrix.gif"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "gif conv -i 5 -k 9",
            "kernel_size 9 with dilation 1 spans 9 cells, but the padded input has 5: try kernel_size 5",
        ),
        ("gif conv -i 5 -k 3 -s 0", "stride: 0 - must be at least 1 - try stride 1"),
        (
            "gif conv -i 5 -k three",
            "kernel_size: 'three' - must be a whole number, or one for each axis - try kernel_size 1",
        ),
        ("gif conv -i 5 -k 3 -s -1", "stride: -1 - must be at least 1 - try stride 1"),
        (
            "gif conv -i 5 -k 3 -p same-ish",
            "must be a number or one of valid, same, same_lower, full, same_upper - try padding same",
        ),
        ("gif conv -i 5x5x5x5 -k 3", "input_size: (5, 5, 5, 5) - must have 1, 2 or 3 axes"),
        (
            "gif conv -i 5x6 -k 2x3x4",
            "kernel_size: (2, 3, 4) - has 3 entries, but the input has 2 axes - try kernel_size 2",
        ),
        ("gif conv -i 5 -k 3 -m mirror", "padding_mode: mirror - must be one of"),
        ("gif conv -i 4000 -k 3", "try input_size"),
        ("gif conv2d-i5", "cannot be read as a layer"),
        ("gif conv2d-i5-k3-z9", "the part z9 cannot be read"),
        ("gif conv2d-i5-k3 --theme sepia", "there is no such theme - try theme"),
        ("gif conv2d-i5-k3 --view cube", "there is no such view - try view"),
        ("gif conv2d-i5-k3 --language fr", "there is no such language - try en"),
        ("gif conv2d-i5-k3 --step-ms 1", "must lie between 20 and 60,000 milliseconds - try step_ms 20"),
        ("gif conv2d-i5-k3 --scale 1000", "must lie between 4 and 400 pixels a cell"),
        ("gif maxpool2d-i4-k2 --view matrix", "a maximum is not linear"),
        ("gif conv2d-i5-k3 --nonsense", "option: --nonsense - there is no such option here"),
        ("gif conv -k 3", "option: --input-size - is needed - try --input-size 5"),
        ("gif nothing", "command: nothing - there is no such layer or command - try conv"),
        ("nothing", "command: nothing - there is no such layer or command - try classics"),
        ("classics", "option: --out - is needed - try --out classics"),
    ],
)
def test_what_is_wrong_is_said_and_the_exit_code_is_2(
    words: str, said: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = words.split() + (["-o", str(out)] if words.startswith("gif") else [])
    assert main(given) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""
    assert "Traceback" not in told.err
    assert list(out.parent.iterdir()) == []


def test_a_wrong_suffix_names_gif(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gif", "conv2d-i5-k3", "-o", str(out.with_suffix(".mp4"))]) == 2
    assert "out.mp4 - cannot be written in this format - try out.gif" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = out.parent / "none" / "out.gif"
    assert main(["gif", "conv2d-i5-k3", "-o", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"file: {path} - ")


def test_help_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["-h"], ["gif", "--help"], ["classics", "--help"], ["gif", "conv2d-i5-k3", "--help"]):
        assert main(words) == 0
        assert "Usage: convviz" in capsys.readouterr().out


def test_its_words_are_in_every_language() -> None:
    keys = [{key for key in catalogue(language) if key.startswith("cli.")} for language in LANGUAGES]
    assert keys[0] == keys[1]
    for kind in REGISTRY:
        assert f"cli.kind_{kind.kind}" in keys[0]
        assert {f"cli.value_{parameter.kind}" for parameter in kind.parameter_list} <= keys[0]


CASES = {
    "conv -i 5 -k 3 -p -1": "padding: -1 - must be at least 0 - try padding 0",
    "conv -i 1000000 -k 3": "cells, at most 12,000 can be drawn - try input_size",
    "conv -i 5 -k 3 -p 1,1": "padding: 1,1 - axes are separated by x - try padding 1x1",
    "conv -i 5,5 -k 3": "input_size: 5,5 - axes are separated by x - try input_size 5x5",
    "conv -i 5 -k 3 -c x": "in_channels: 'x' - must be a whole number - try in_channels 1",
    "conv -i 7 -k 3 -p causal": "padding: causal - looks back along one axis, but the input has 2 - try padding same",
    "conv -i 5 -k 3 --step x": "step: x - steps count from 0, and the last is 8 - try step 8",
    "conv -i 5 -k 3 --scale nan": "scale: nan - must be a number",
    "conv -i 5 -k 3 --step-ms 600x": "step_ms: 600x - must be a number - try step_ms 600",
    "conv -i 5 -k 3 --seed 1.5": "seed: 1.5 - must be a whole number",
    "conv -i 5 -k 3 --dims 4": "dims: 4 - must be at most 3 - try dims 3",
    "conv -i 5 -k 3 --theme drak": "try theme dark",
    "conv -i 5 -k 3 --view flaat": "try view flat",
    "conv -i 5 -k 3 -o x.foo": "try x.gif",
    "dense -k 3": "option: -k - there is no such option here",
    "convolution": "command: convolution - there is no such layer or command - try conv",
    "conv -k 3": "option: --input-size - is needed - try --input-size 5",
    "~": "command: ~ - there is no such layer or command",
    "maxpool -i 4 -k 2 --view matrix": "a maximum is not linear",
    "conv3d-i3-k2 --view isometric": "this layer has three - try view flat",
    "conv -i 5 -k 3 --view roundtrip": "is for transposed convolutions only - try view flat",
    "conv2d-i5-k3~conv2d-i3-k3 --view isometric": "not a network - try view coverage",
}


@pytest.mark.parametrize("words", CASES)
def test_what_is_wrong_has_its_own_reason_and_its_own_nearest(words, capsys):
    assert main(["gif", *words.split()]) == 2
    said = capsys.readouterr().err
    assert CASES[words] in said and said.count("\n") == 1, said
    assert main(["gif", *words.split(), "--language", "zh"]) == 2
    assert re.search("[\u4e00-\u9fff]", capsys.readouterr().err)


@settings(max_examples=cases(1_000), suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(["-i", "-k", "-p", "-s", "--dims", "--view", "--step", "--scale", "--seed"]), max_size=3),
    st.data(),
)
def test_whatever_an_option_is_given_the_answer_is_a_file_or_one_message(tmp_path_factory, options, data):
    out = tmp_path_factory.getbasetemp() / "any.svg"
    words = ["gif", "conv", "-i", "4", "-k", "2", "-o", str(out)]
    for option in options:
        words += [
            option,
            data.draw(st.text(max_size=6) | st.sampled_from(["3", "5x2", "1.1", "1,2", "-1", "same", "nan", "9" * 40])),
        ]
    assert main(words) in (0, 2)


def test_the_command_says_its_version_and_can_be_run_as_a_module(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "convviz", "--version"], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0 and "0.1.0" in done.stdout


def test_a_command_that_is_ended_leaves_no_part_of_a_file(tmp_path):
    command = [sys.executable, "-m", "convviz", "gif", "conv2d-i32-k3", "-o", str(tmp_path / "x.gif")]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not list(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.02)
    process.terminate()
    assert process.wait(60) == 128 + signal.SIGTERM
    assert process.stderr.read() == b"" and not list(tmp_path.iterdir())


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path):
    real, link = tmp_path / "real.svg", tmp_path / "link.svg"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    cv.save(cv.Conv(4, 3), link)
    assert link.is_symlink() and real.read_text().startswith("<svg") and real.stat().st_mode & 0o777 == 0o640


def test_an_animation_plays_once_or_for_ever(tmp_path):
    for once in (False, True):
        assert main(["gif", "conv2d-i4-k3", "-o", str(tmp_path / "x.gif"), *["--once"] * once]) == 0
        assert (b"NETSCAPE2.0" in (tmp_path / "x.gif").read_bytes()) is not once
    with pytest.raises(cv.LayerError, match="loop"):
        cv.save(cv.Conv(4, 3), tmp_path / "x.gif", loop=3)


def test_a_command_that_is_interrupted_while_it_loads_says_nothing():
    text = "import sys; sys.argv = ['convviz']; import convviz, os, signal; os.kill(os.getpid(), signal.SIGINT)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
