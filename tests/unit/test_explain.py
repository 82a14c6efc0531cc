"""`convviz explain`: the table of what is given, and the place of what is not understood."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from convviz.cli import main

LAYER = "nn.Conv2d(3, 64, 3, stride=2, padding=1)"


def test_the_table_of_a_layer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", LAYER, "--input", "3x224x224"]) == 0
    shown = capsys.readouterr()
    head, row, *rest = shown.out.splitlines()
    told = "name layer output parameters multiply-adds field jump padding centre"
    assert " ".join(head.split()) == told
    assert row == f"conv1  {LAYER[3:]}  64x112x112       1,792     21,676,032  3x3    2x2   1x1      0x0"
    assert rest == [
        "input: 3x224x224",
        "total: 1,792 parameters, 21,676,032 multiply-adds, 43,352,064 FLOPs (two for each multiply-add)",
    ]
    assert shown.err == ""


def test_the_input_may_be_a_side_alone_or_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    for more in (["--input", "224"], ["--input", "224x224"], []):
        assert main(["explain", LAYER, *more]) == 0
        assert "input: 3x224x224" in capsys.readouterr().out


@pytest.mark.parametrize("given", ["", "a", "3xax4", "1x2x3x4x5", "-3", "3x-1", "0"])
def test_an_input_that_cannot_be_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", LAYER, "--input", given]) == 2
    shown = capsys.readouterr()
    assert shown.err and "Traceback" not in shown.err


def test_other_forms_hold_the_same_rows(capsys: pytest.CaptureFixture[str]) -> None:
    source = "nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())"
    assert main(["explain", source, "--input", "5", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["name"], row["output"], row["parameters"]) for row in rows] == [
        ("conv1", "2x3x3", "20"),
        ("relu2", "2x3x3", "0"),
    ]
    assert main(["explain", source, "--input", "5", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["parameters"] for row in told["rows"]] == [20, 0] and told["totals"]["macs"] == 162
    assert main(["explain", source, "--input", "5", "--format", "md"]) == 0
    assert capsys.readouterr().out.splitlines()[2].startswith("| 1 | conv1 | Conv2d(1, 2, 3) |")


def test_what_is_not_understood_is_pointed_at_and_the_rest_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "nn.Conv2d(3, 8, 3)\n\tnn.LSTM(8, 4)\nnn.ReLU()", "--input", "9"]) == 2
    shown = capsys.readouterr()
    assert [line.split()[0] for line in shown.out.splitlines()] == ["name", "conv1", "relu2", "input:", "total:"]
    assert shown.err.splitlines() == [
        "line 2, column 2: layer: nn.LSTM - is not among the layers that are understood - try nn.Conv2d",
        "   nn.LSTM(8, 4)",
        "   ^",
    ]


def test_a_file_the_standard_input_a_known_name_and_a_layers_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "model.py"
    file.write_text(f"import torch.nn as nn\nmodel = nn.Sequential({LAYER}, nn.Dropout(0.1))\n", "utf-8")
    assert main(["explain", str(file)]) == 0
    assert "left out: nn.Dropout (line 2)" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO(LAYER))
    assert main(["explain", "-"]) == 0
    assert "conv1" in capsys.readouterr().out
    assert main(["explain", "resnet50"]) == 0
    assert "total: 25,557,032 parameters" in capsys.readouterr().out
    assert main(["explain", "resnet18", "--input", "64"]) == 0
    assert "input: 3x64x64" in capsys.readouterr().out
    assert main(["explain", "conv2d-i5-k3~conv2d-i3-k3"]) == 0
    assert "conv2" in capsys.readouterr().out


def test_what_is_not_there_is_told_and_never_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["nowhere.py"],
        [str(tmp_path)],
        [""],
        [],
        ["a", "b"],
        [LAYER, "--format", "xml"],
        ["\0"],
        ["x" * 200_000],
    ):
        assert main(["explain", *words]) == 2
        shown = capsys.readouterr()
        assert shown.err and "Traceback" not in shown.err
    (tmp_path / "model.py").write_bytes(b"\xff\xfe\x00nn.Conv2d(3, 8, 3)")
    assert main(["explain", str(tmp_path / "model.py")]) == 2


def test_it_speaks_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", f"{LAYER}\nnn.Foo()", "--language", "zh"]) == 2
    shown = capsys.readouterr()
    assert "感受野" in shown.out and "第 2 行第 1 列" in shown.err
