"""What `import convviz as cv` gives: each name is loaded when it is asked for, and is the same for whoever asks."""

from __future__ import annotations

import ast
import pickle
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import convviz as cv

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "convviz" / "__init__.py"
MODULES = sorted(
    path.stem for path in SOURCE.parent.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
)


def typed() -> dict[str, str]:
    """The public names and their modules, as a type checker reads them."""
    (block,) = (node for node in ast.parse(SOURCE.read_text("utf-8")).body if isinstance(node, ast.If))
    froms = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    assert len(froms) == len(block.body)
    return {alias.name: str(node.module) for node in froms for alias in node.names}


def test_what_is_typed_is_what_is_public() -> None:
    assert sorted(typed()) == sorted(cv.__all__) == sorted(cv._HOME)


@pytest.mark.parametrize("name", cv.__all__)
def test_a_public_name_is_what_its_module_has(name: str) -> None:
    thing = getattr(cv, name)
    assert thing is getattr(import_module(typed()[name]), name) is getattr(cv, name)
    assert not isinstance(thing, ModuleType)
    assert pickle.loads(pickle.dumps(thing)) is thing


def test_the_names_are_listed() -> None:
    assert {*cv.__all__, "__version__", "__all__"} <= {*dir(cv)}
    everything: dict[str, object] = {}
    exec("from convviz import *", everything)
    assert {name: everything[name] for name in cv.__all__} == {name: getattr(cv, name) for name in cv.__all__}


def test_a_function_keeps_its_name_whenever_the_module_of_that_name_is_imported() -> None:
    """Python writes a module into its package: `convviz.trace`, as soon as anything imports it."""
    both = sorted({*cv.__all__} & {*MODULES})
    assert both == ["known", "output", "scene", "separable", "trace"]
    for first in (f"import convviz.{name}" for name in both):
        script = f"import convviz as cv; {first}; print(*(type(getattr(cv, name)).__name__ for name in {both}))"
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["function"] * len(both), first


def test_a_module_can_be_reached_without_importing_it() -> None:
    script = "import convviz as cv; print(*cv.themes.THEMES)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "light" in done.stdout.split()


@pytest.mark.parametrize("name", ["nothing", "_nothing", "__wrapped__"])
def test_there_are_no_other_names(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'convviz' has no attribute '{name}'"):
        getattr(cv, name)
    assert not hasattr(cv, name)
