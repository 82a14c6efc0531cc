"""The command: any layer, any parameter; what is wrong is said in one line, and never with a traceback."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from depth import cases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import convviz as cv
from convviz.cli import from_options, main
from convviz.export.formats import listed
from convviz.layers import REGISTRY
from convviz.layers.notation import from_text
from convviz.text import LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]
SCRIPT = "the script"
"""Stands for the script that an installation makes."""


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
        ("adaptivemaxpool -i 7 --output-size 3", cv.AdaptiveMaxPool(7, 3)),
        ("adaptiveavgpool -i 4x6 --output-size 1 --view coverage", cv.AdaptiveAvgPool((4, 6), 1)),
        ("upsample -i 4", cv.Upsample(4)),
        ("upsample -i 3x2 -s 1x3 -m bilinear --view coverage", cv.Upsample((3, 2), (1, 3), "bilinear")),
        ("upsample -i 3 -s 2 -c 2 --dims 1", cv.Upsample((3,), 2, channels=2)),
        ("pixelshuffle -i 2 -s 3", cv.PixelShuffle(2, 3)),
        ("dense -i 4 --out-features 3 --no-bias", cv.Dense(4, 3, bias=False)),
        ("conv2d-i5-k3-s2-p1", cv.Conv(5, 3, stride=2, padding=1)),
        ("dense-i4-o3", cv.Dense(4, 3)),
        ("conv1d-i9-k3~conv1d-i7-k3-d2", cv.Network([cv.Conv((9,), 3), cv.Conv((7,), 3, dilation=2)])),
    ],
)
@pytest.mark.long
def test_any_layer_can_be_drawn(words: str, layer: Any, out: Path) -> None:
    assert main(["gif", *words.split(), "--scale", "12", "-o", str(out)]) == 0
    view = next((name for name in ("both", "coverage") if name in words), None)
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
        {"--tones": ""},
    ],
)
def test_options_of_the_picture_change_the_file(options: dict[str, str], out: Path) -> None:
    plain = out.with_name("plain.gif")
    words = ["gif", "conv", "-i", "4", "-k", "3"]
    assert main([*words, "-o", str(plain)]) == 0
    assert main([*words, *(word for pair in options.items() for word in pair if word), "-o", str(out)]) == 0
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
        ("gif maxpool2d-i4-k2 --view matrix", "this layer has no kernel"),
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
    assert f"out.mp4 - cannot be written in this format, only in {listed()} - try out.gif" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(out: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device", str(out))

    monkeypatch.setattr("convviz.cli.save", full)
    for words, start in (([], "file"), (["--language", "zh"], "文件")):
        assert main(["gif", "conv2d-i5-k3", "-o", str(out), *words]) == 1
        assert re.match(f"{start}[:：] ?{out} - No space left", capsys.readouterr().err)


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
    "conv -i 5 -k 3 --step x": "step: x - must be a whole number - try step 8",
    "conv -i 5 -k 3 --step 99": "step: 99 - steps count from 0, and the last is 8 - try step 8",
    "conv -i 5,5,5 -k 3": "axes are separated by x - try input_size 5x5x5",
    "conv -i 5x5 -k 3 -p 1,1,1": "padding: (1, 1, 1) - has 3 entries, but the input has 2 axes - try padding 1",
    "conv -i 5 -k 3 -c 1,1": "in_channels: (1, 1) - must be a whole number - try in_channels 1",
    "conv -i 5 -k 3 -p -1.2": "must be at least 0 - try padding",
    "conv -i 5 -k 3 -p 1.2.3": "padding: 1.2.3 - must be a whole number, one for each axis",
    f"conv -i {'9' * 40} -k 3": "must be at most 1,000,000,000,000 - try input_size 66",
    "conv --dims 1 -i 5x5 -k 3": "input_size: 5x5 - has 2 entries, but the input has 1 axis - try input_size 5",
    "conv2d-i5,5-k3": "input_size: 5,5 - axes are separated by x - try input_size 5x5",
    "conv2d-i5-k3-cx": "in_channels: 'x' - must be a whole number - try in_channels 1",
    "conv -i 5 -k 3 more": "word: more - belongs to no option - try without it",
    "conv -i 5 -k 3 --once=2": "option: --once - takes no value - try --once",
    "conv -i 5 -k 3 --format bmp": f"format: bmp - must be one of {listed().replace('.', '')} - try format gif",
    "conv -i 5 -k 3 -o none/x.gif": "file: none/x.gif - its folder does not exist - try x.gif",
    "conv -i 5 -k 3 --scale nan": "scale: nan - must be a number",
    "conv -i 5 -k 3 --step-ms 600x": "step_ms: 600x - must be a number - try step_ms 600",
    "conv -i 5 -k 3 --seed 1.5": "seed: 1.5 - must be a whole number",
    "conv -i 5 -k 3 --dims 4": "dims: 4 - must be at most 3 - try dims 3",
    "conv -i 5 -k 3 --theme drak": "try theme dark",
    "conv -i 5 -k 3 --view flaat": "try view flat",
    "conv -i 5 -k 3 -o x.foo": "try x.gif",
    "dense -i 4 -k 3": "option: -k - there is no such option here",
    "convolution": "command: convolution - there is no such layer or command - try conv",
    "conv -k 3": "option: --input-size - is needed - try --input-size 5",
    "~": "command: ~ - there is no such layer or command",
    "maxpool -i 4 -k 2 --view matrix": "this layer has no kernel",
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


def test_no_words_at_all_and_a_layer_without_gif_say_what_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["gif"]):
        assert main(words) == 2
        said = capsys.readouterr()
        assert "a command is missing here - try convviz gif conv -i 5 -k 3" in said.err and not said.out
    assert main(["conv", "-i", "5"]) == 2
    assert "try gif conv" in capsys.readouterr().err
    assert main(["gif", "conv", "-i", "5", "--language", "zh", "-k"]) == 2
    assert capsys.readouterr().err == "选项: -k - 后面要有值 - 可写 -k 3\n"


def test_a_folder_is_no_file_and_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (tmp_path, f"{tmp_path}/"):
        assert main(["gif", "conv2d-i4-k3", "-o", str(name)]) == 2
        assert f"is a folder - try {tmp_path / 'out.gif'}" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["classics", "--out", str(tmp_path / "file")]) == 2
    assert "is a file - try" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["conv -i 5,5 -k 3", "conv -i 5 -k 3 -p -1", f"conv -i {'9' * 20} -k 3"])
def test_what_is_said_to_try_works(words: str, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An option's long name is its argument's."""
    given = ["gif", *words.split(), "-o", str(out.with_suffix(".svg"))]
    assert main(given) == 2
    name, value = capsys.readouterr().err.split(" - try ")[1].split()
    assert main([*given, f"--{name.replace('_', '-')}", value]) == 0


VALUES = st.sampled_from(
    ["3", "5x2", "1.1", "1,2", "-1", "same", "SAME", "causal", "nan", "inf", "9" * 40, "", "~", "-", "--", "x", "1e3"]
)
OPTIONS = (
    *("-i", "-k", "-p", "-s", "-d", "-c", "-g", "-m", "-b", "-f", "-a", "-o", "-z", "--dims", "--view", "--step"),
    *("--scale", "--seed", "--theme", "--language", "--step-ms", "--once", "--format", "--no-bias", "--out-features"),
    *("--nothing", "--help"),
)


@settings(max_examples=cases(1_000), suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.sampled_from(["conv", "tconv", "maxpool", "avgpool", "dense", "conv2d-i4-k2", "conv2d-i4-k2~conv2d-i3-k2"]),
    st.lists(st.tuples(st.sampled_from(OPTIONS), VALUES | st.text(max_size=6)), max_size=4),
    st.booleans(),
)
def test_whatever_the_words_are_the_answer_is_a_file_or_one_message(
    tmp_path_factory: Any, kind: str, options: list[tuple[str, str]], needed: bool
) -> None:
    folder = tmp_path_factory.getbasetemp() / "words"
    folder.mkdir(exist_ok=True)
    least = {"dense": ["-i", "4", "--out-features", "2"]}.get(kind, ["-i", "4", "-k", "2"])
    words = ["gif", kind, *least * (needed and "2d" not in kind)]
    words += [word for pair in options for word in pair]
    said = io.StringIO()
    with chdir(folder), redirect_stderr(said), redirect_stdout(io.TextIOWrapper(io.BytesIO())):
        code = main([*words, "--format", "svg"])
    assert code in (0, 2) and "Traceback" not in said.getvalue()
    assert code == 0 or said.getvalue().count(" - ") >= 1 or "spans" in said.getvalue()


@pytest.mark.long
@pytest.mark.parametrize("library", ["numpy", "click"])
@pytest.mark.parametrize("command", [[sys.executable, "-m", "convviz"], [sys.executable, SCRIPT]])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_libraries_load_ends_the_command_quietly(
    tmp_path: Path, library: str, command: list[str], number: int
) -> None:
    """The library is one that sends the signal, and then waits."""
    for name in ("first", "bin"):
        (tmp_path / name).mkdir()
    stub = f"import os, time\nos.kill(os.getpid(), {int(number)})\ntime.sleep(60)\n"
    (tmp_path / "first" / f"{library}.py").write_text(stub)
    script = tmp_path / "bin" / "convviz"
    script.write_text("import sys\nfrom convviz.cli import main\nsys.exit(main())\n")
    paths = os.pathsep.join([str(tmp_path / "first"), str(ROOT)])
    words = [str(script) if word == SCRIPT else word for word in command]
    done = subprocess.run(
        words, capture_output=True, cwd=tmp_path, timeout=60, env=os.environ | {"PYTHONPATH": paths}, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, b"", b"")


def test_a_library_that_uses_convviz_keeps_its_signals() -> None:
    code = "import signal, convviz; from convviz.cli import main; main(['--version']); "
    code += "assert signal.getsignal(2) is signal.default_int_handler and signal.getsignal(15) == signal.SIG_DFL"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0


def test_a_file_can_be_written_to_standard_output() -> None:
    base = [sys.executable, "-m", "convviz", "gif", "conv2d-i4-k3", "-o", "-"]
    for words, start in (([], b"GIF89a"), (["--format", "png"], b"\x89PNG"), (["--format", ".SVG"], b"<svg")):
        done = subprocess.run([*base, *words], capture_output=True, cwd=ROOT, timeout=60, check=True)
        assert done.stdout.startswith(start) and done.stderr == b""


def test_a_reader_that_leaves_is_no_fault() -> None:
    base = [sys.executable, "-m", "convviz", "gif", "conv2d-i12-k3", "-o", "-"]
    with subprocess.Popen(base, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b"" and process.wait(60) in (0, 1)


def test_the_command_says_its_version_and_can_be_run_as_a_module(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "convviz", "--version"], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0 and "0.1.0" in done.stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_command_that_is_ended_leaves_no_part_of_a_file(tmp_path, number, code):
    command = [sys.executable, "-m", "convviz", "gif", "conv2d-i32-k3", "-o", str(tmp_path / "x.gif")]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not list(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.02)
    assert list(tmp_path.iterdir()), "the command has begun to write, so that the signal comes to its own code"
    process.send_signal(number)
    assert process.wait(60) == code
    assert process.stderr.read() == b"" and not list(tmp_path.iterdir())


SENDS = "__import__('os').kill(__import__('os').getpid(), NUMBER), __import__('time').sleep(60)"
WITHIN = {
    "plain code": SENDS,
    "a text that is executed": f"exec({SENDS!r})",
    "a text that is evaluated": f"eval({SENDS!r})",
    "a module that is imported": "import sends",
}
"""What is running while a signal comes."""


@pytest.mark.long
@pytest.mark.parametrize("within", WITHIN)
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_command_with_its_code_whatever_is_running(
    tmp_path: Path, within: str, number: int, code: int
) -> None:
    """Run by `-m`: Python looks once more at its end whether a KeyboardInterrupt has passed through a text."""
    start = "import sys; sys.argv[:] = ['convviz', 'gif', 'conv2d-i4-k3']; from convviz import cli\n"
    draws = f"def draw(*given, **named): {WITHIN[within]}\ncli._draw = draw; sys.exit(cli.main())\n"
    for name, text in (("command", start + draws), ("sends", SENDS)):
        (tmp_path / f"{name}.py").write_text(text.replace("NUMBER", str(int(number))))
    done = subprocess.run(
        [sys.executable, "-m", "command"],
        capture_output=True,
        cwd=tmp_path,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path):
    real, link = tmp_path / "real.svg", tmp_path / "link.svg"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    cv.save(cv.Conv(4, 3), link)
    cv.save(cv.Conv(4, 3), tmp_path / "new.svg")
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "new.svg").stat().st_mode & 0o777 == 0o666 & ~mask
    assert len(list(tmp_path.iterdir())) == 3
    assert link.is_symlink() and real.read_text().startswith("<svg") and real.stat().st_mode & 0o777 == 0o640


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.svg")
    with subprocess.Popen(["cat", str(tmp_path / "pipe.svg")], stdout=subprocess.PIPE) as reader:
        cv.save(cv.Conv(4, 3), tmp_path / "pipe.svg")
        assert reader.communicate(timeout=60)[0].startswith(b"<svg")
    assert [path.name for path in tmp_path.iterdir()] == ["pipe.svg"]


def test_an_animation_plays_once_or_for_ever(tmp_path):
    for once in (False, True):
        assert main(["gif", "conv2d-i4-k3", "-o", str(tmp_path / "x.gif"), *["--once"] * once]) == 0
        assert (b"NETSCAPE2.0" in (tmp_path / "x.gif").read_bytes()) is not once
    with pytest.raises(cv.LayerError, match="loop"):
        cv.save(cv.Conv(4, 3), tmp_path / "x.gif", loop=3)
