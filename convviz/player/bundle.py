"""The player's modules put together in one text: for Streamlit, for a page of its own, for whatever shows it.

Each becomes a function that is called once and returns what it exports, so that no two names meet. Only the forms of
import and export that our modules have are known here.
"""

from __future__ import annotations

import re
from pathlib import Path

MODULES = Path(__file__).parent

_IMPORT = re.compile(r'^import (\{[^}]+\}) from "\./(\w+)\.js"$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_SPACE = re.compile(r"/\*.*?\*/|(?<=[{};,])\s+|\s+(?=[{};,])", re.DOTALL)
_REMARK = re.compile(r"^\s*//.*\n|^\s*/\*\*(?:(?!\*/)[\s\S])*\*/\s*\n|^[ \t]+|^\n| // [^\"'`\n]*$", re.MULTILINE)


def bundle(*names: str, modules: Path = MODULES, without: tuple[str, ...] = ()) -> str:
    """The source of modules, with all that they import before them; `$name` is what a module exports.

    without: modules that are left out with what they alone import; what imports them gets nothing of them.

    >>> "import {" in bundle("story"), bundle("story", "dials").count("const $words = ")
    (False, 1)
    """
    parts: dict[str, str] = {}

    def add(name: str) -> None:
        if name in without:
            parts[name] = f"const ${name} = {{}}\n"
            return
        source = (modules / f"{name}.js").read_text(encoding="utf-8")
        for _, used in _IMPORT.findall(source):
            if used not in parts:
                add(used)
        exported = ", ".join(_EXPORT.findall(source))
        source = _EXPORT.sub("", _IMPORT.sub(r"const \1 = $\2", source))
        parts[name] = f"const ${name} = (() => {{\n{source}\nreturn {{ {exported} }}\n}})()\n"

    for name in names:
        if name not in parts:
            add(name)
    return "".join(parts.values())


def without_spaces(style: str) -> str:
    r"""A style sheet without remarks, and without the spaces around its signs.

    >>> without_spaces("/* why */\n.a { color: red; top: 0 }\n")
    '.a{color: red;top: 0}'
    """
    return _SPACE.sub("", style).strip()


def without_remarks(source: str) -> str:
    """A source without comments, but for those behind code that hold quotes, without indents and empty lines.

    >>> without_remarks("// why\\nconst one = 1 // so\\n\\n  /** a\\n b */\\n  two()\\n")
    'const one = 1\\ntwo()\\n'
    """
    return _REMARK.sub("", source)
