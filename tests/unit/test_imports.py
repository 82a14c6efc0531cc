"""Who may know whom: imports point only up the flow, and each heavy library has one door."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOW = (
    ("early",),
    ("errors", "text", "asset", "colour", "png", "py.typed"),
    ("sizes",),
    ("taps",),
    ("layers",),
    ("field",),
    ("graph", "arrays", "trace", "pictures", "series", "tokens", "digits", "spread"),
    ("phases", "reach", "reaching", "run"),
    ("network", "output", "kernels", "applied"),
    ("known", "table", "counted", "spans", "edits"),
    ("gradients", "separable", "alike", "batches", "learning"),
    ("code",),
    ("training", "sharing"),
    ("generalising", "recognising", "handwriting"),
    ("recognised",),
    ("moving", "filmed"),
    ("classics",),
    ("scene", "pens"),
    ("themes",),
    ("paint",),
    ("player", "export"),
    ("lessons",),
    ("page",),
    ("usage", "options"),
    ("explain",),
    ("cli", "__main__"),
    ("web",),
)
"""What stands in a line may import what stands in its own and the lines above."""

DOORS = {
    "streamlit": ("app.py", "pages/", "convviz/web/"),
    "starlette": ("app.py", "convviz/web/"),
    "matplotlib": ("convviz/paint/raster.py",),
    "imageio": ("convviz/export/", "convviz/pictures.py"),
    "PIL": ("convviz/export/", "convviz/pictures.py"),
    "av": ("convviz/export/",),
    "fontTools": ("convviz/paint/outlines.py",),
    "segno": ("convviz/web/codes.py",),
    "playwright": (),
}
LONGEST = 300
"""The most lines of a module."""

SEEN_AT_ONCE = 40
"""The most lines of a function, its docstring included."""

MODULES = [path for folder in (ROOT / "convviz", ROOT / "pages") for path in sorted(folder.rglob("*.py"))]
SOURCES = [*MODULES, ROOT / "app.py", *sorted((ROOT / "convviz" / "player").glob("*.js"))]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def place(module: str) -> int | None:
    """The line of FLOW in which a module of the library stands."""
    parts = module.split(".")
    if parts[0] != "convviz" or len(parts) == 1:
        return None
    return next((n for n, line in enumerate(FLOW) if parts[1] in line), None)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_only_up_the_flow(path: Path) -> None:
    here = place(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if path.parent == ROOT / "convviz" and path.stem != "__init__":
        assert here is not None, f"{path.stem} has no place in FLOW"
    for module in imported(path):
        there = place(module)
        assert here is None or there is None or there <= here, f"{module} comes later"


@pytest.mark.parametrize("path", [*MODULES, ROOT / "app.py"], ids=lambda path: str(path.relative_to(ROOT)))
def test_each_heavy_library_has_its_doors(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    for module in imported(path):
        doors = DOORS.get(module.split(".")[0])
        assert doors is None or name.startswith(doors), f"{module} in {name}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_longer_than_can_be_held_in_mind(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_is_longer_than_can_be_seen_at_once(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < SEEN_AT_ONCE, node.name


ASKED = {
    "convviz/cli.py": "the command's other word for the layer",
    "convviz/layers/conv_transpose.py": "the layer's own name",
    "convviz/lessons/transposed.py": "the lesson's layer",
    "convviz/network/network.py": "stack_of, the one place that tells a stack from a layer",
}
"""Where a layer's name, or whether something is a stack, is written, and why."""


def test_a_layer_is_asked_what_it_does_and_not_for_its_name() -> None:
    """And a stack is told from a layer in one place."""
    found = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"""["']tconv["']|isinstance\([^)]*Network""", line)
    ]
    assert found == sorted(ASKED)


def printed(script: str) -> list[str]:
    """The words that a script prints in a Python of its own."""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_importing_the_library_loads_nothing_large() -> None:
    """Each of its names brings what it needs when it is asked for."""
    told = "print(*(name for name in sys.modules if name.partition('.')[0] in ('convviz', *DOORS, 'numpy', 'click')))"
    assert sorted(printed(f"import sys, convviz; DOORS = {tuple(DOORS)}; {told}")) == ["convviz", "convviz.early"]
    assert "matplotlib" not in printed("import sys, convviz; convviz.trace(convviz.Conv(5, 3)); print(*sys.modules)")


def test_the_server_listens_before_the_engine_the_lessons_and_the_pages_are_imported() -> None:
    said = printed("import sys, app; print(*(name.partition('.')[2] for name in sys.modules if 'convviz.' in name))")
    parts = {name.partition(".")[0] for name in said} - {"app"}
    assert parts <= {"early", "text", "player", "web"}, parts
    assert not {"web.lesson", "web.home", "web.session", "player.wire"} & {*said}


def test_a_page_is_a_value_without_a_server() -> None:
    script = """
import pkgutil, sys
import convviz.page
for module in pkgutil.iter_modules(convviz.page.__path__):
    __import__(f"convviz.page.{module.name}")
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"streamlit", "starlette", "tornado", "uvicorn"}))
"""
    assert printed(script) == []


ANY = {
    "what a caller may give, until it is read": (
        *(
            "cli",
            "errors",
            "graph",
            "network/network",
            "network/spelled",
            "network/draft",
            "network/text",
            "output",
            "phases",
            "run",
            "separable",
            "trace",
            "export/name",
            "export/save",
            "export/gif",
        ),
        *("layers/base", "layers/calling", "layers/conv", "layers/conv_transpose", "layers/dense", "layers/memory"),
        *("layers/notation", "layers/pool", "layers/rearrange", "layers/repair", "layers/__init__", "paint/pixels"),
        *("layers/adaptive", "layers/learn", "layers/pixelshuffle", "layers/upsample", "layers/gated", "separable"),
        *("layers/digit", "layers/local", "layers/word", "layers/operations"),
        *("usage", "scene/compare", "scene/differing", "scene/pacing"),
        *("scene/build", "scene/shifting", "scene/stack", "scene/stack_limits", "scene/strips", "scene/view"),
        *("scene/views/isometric", "applied"),
        *("counted", "edits", "spans", "scene/naming", "scene/overlaid"),
        *("layers/overhanging", "layers/unequal", "layers/unjoined", "layers/unmatched", "layers/unweighted"),
        *("code/applying", "code/calls", "code/expressions", "code/keras_layers", "code/keras_words"),
        *(
            "code/layering",
            "code/placing",
            "code/rows",
            "code/torch_functions",
            "code/torch_layers",
            "code/torch_words",
        ),
    ),
    "values of NumPy, Pillow and Matplotlib": (
        *(
            "layers/linear",
            "paint/raster",
            "paint/outlines",
            "pictures",
            "export/webp",
            "scene/canvas",
            "scene/roles",
            "scene/scene",
        ),
        *("scene/marks", "scene/timeline", "scene/linked"),
    ),
    "JSON": (
        "page/dial",
        "page/dials",
        "page/editing",
        "page/offers",
        "page/sequences",
        *("player/packing", "player/wire", "player/words", "page/brought"),
        "web/drawers",
        "web/drawing",
    ),
    "Streamlit and ASGI": (
        *(
            "web/bundle",
            "web/embeds",
            "web/held",
            "web/places",
            "web/player",
            "web/routes",
            "web/serving",
            "web/warming",
        ),
    ),
}
"""Where a value may be of any type, and why."""


def test_a_value_of_any_type_is_only_where_nothing_more_can_be_said() -> None:
    found = {
        path.relative_to(ROOT / "convviz").with_suffix("").as_posix()
        for path in (ROOT / "convviz").rglob("*.py")
        if any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    }
    assert found == {module for modules in ANY.values() for module in modules}


def test_pages_are_thin() -> None:
    assert all(len(path.read_text("utf-8").splitlines()) <= 40 for path in (ROOT / "pages").glob("*.py"))
