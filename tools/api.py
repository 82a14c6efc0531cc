"""docs/api.md, made from the code: what `import convviz` gives, with its signature and its documentation.

python tools/api.py writes it; a test says when it has to be made anew.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import convviz  # noqa: E402 - of this checkout, whatever else is installed

DOCUMENT = ROOT / "docs" / "api.md"
HEAD = """# The public interface

Everything that `import convviz as cv` gives. Made by `python tools/api.py` from the code, and not edited by hand: each
change of the interface is a change of this file. Scripts may rely on what stands here.
"""
GROUPS = {
    "Layers": (
        "Conv",
        "ConvTranspose",
        "MaxPool",
        "AvgPool",
        "AdaptiveMaxPool",
        "AdaptiveAvgPool",
        "Upsample",
        "PixelShuffle",
        "Dense",
        "depthwise",
        "pointwise",
    ),
    "Networks": ("Network", "GatedConv", "separable", "known", "seen"),
    "Operations of a network": (),
    "Running": ("trace", "Trace", "Step", "Scatter", "Run", "output", "kernel"),
    "Pictures and files": ("scene", "compare", "Scene", "save"),
    "Code": ("from_pytorch", "to_code"),
    "Errors": ("LayerError",),
}
"""The sections and what stands in them; what is in none is an operation."""


def document() -> str:
    """The whole file."""
    named = {name for names in GROUPS.values() for name in names}
    others = tuple(name for name in convviz.__all__ if name not in named)
    parts = [HEAD]
    for title, names in GROUPS.items():
        parts.append(f"## {title}\n")
        parts += [entry(name, getattr(convviz, name)) for name in names or others]
    return "\n".join(parts)


def entry(name: str, thing: Any) -> str:
    """A name of the interface: its signature, its documentation, and what its objects have."""
    lines = [f"### `cv.{name}`\n", "```python", f"{name}{signature(thing)}", "```\n", said(thing)]
    if inspect.isclass(thing) and (members := list(members_of(thing))):
        lines += ["", "| has | |", "| --- | --- |", *members]
    return "\n".join(lines) + "\n"


def signature(thing: Any) -> str:
    """The arguments, one after the other, without the types that are only NumPy's or ours."""
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return ""
    plain = [p.replace(annotation=p.empty) for p in found.parameters.values()]
    return str(found.replace(parameters=plain, return_annotation=found.empty)).replace(" = ", "=")


def said(thing: Any) -> str:
    """The documentation, its examples as code."""
    text = inspect.getdoc(thing) or ""
    prose: list[str] = []
    examples: list[str] = []
    code = False
    for line in text.splitlines():
        code = line.startswith((">>>", "...")) or (code and bool(line.strip()))
        (examples if code else prose).append(line)
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(prose)).strip()
    return f"{words}\n\n```python\n{chr(10).join(examples)}\n```" if examples else words


def members_of(kind: type) -> list[str]:
    """The public properties and methods of a class that say what they are, one row each."""
    found = []
    for name in sorted(dir(kind)):
        thing = inspect.getattr_static(kind, name)
        if name.startswith("_") or not (isinstance(thing, property) or callable(thing) or hasattr(thing, "func")):
            continue
        inner = getattr(thing, "fget", None) or getattr(thing, "func", None) or thing
        first = (inspect.getdoc(inner) or "").partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        call = signature(inner).replace("self, ", "").replace("self", "") if inspect.isfunction(thing) else ""
        if first and inspect.isfunction(inner):
            found.append(f"| `.{name}{call}` | {first} |")
    return found


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
