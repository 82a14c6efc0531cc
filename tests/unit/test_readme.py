"""What README shows runs, and says what README says that it says."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from convviz import cli

README = Path(__file__).parents[2] / "README.md"
TEXT = README.read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_the_python_of_readme_runs_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = "\n".join(blocks("python"))
    example = doctest.DocTestParser().get_doctest(code, {}, "README.md", str(README), 0)
    report: list[str] = []
    result = doctest.DocTestRunner().run(example, out=report.append)
    assert result.attempted > 8 and not result.failed, "".join(report)
    assert {path.name for path in tmp_path.iterdir()} == {
        "convolution.gif",
        "convolution.webp",
        "convolution.html",
        "figure.svg",
        "slide.png",
    }


@pytest.mark.long
@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.splitlines()])
def test_a_command_of_readme_runs(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text("model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())", "utf-8")
    command, *arguments = shlex.split(line)
    assert command == "convviz" and cli.main(arguments) == 0
    if arguments[0] == "explain":  # it prints, and writes no file
        assert "Conv2d(" in capsys.readouterr().out
    else:
        assert (tmp_path / arguments[-1]).exists()


def test_every_file_that_readme_names_is_there() -> None:
    linked = re.findall(r"\]\(((?!http)[^)]+)\)", TEXT)
    assert linked and all((README.parent / name).exists() for name in linked)
