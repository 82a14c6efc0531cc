"""A component's modules in one file."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from loops import run

from convviz.player.bundle import MODULES, bundle, without_remarks
from convviz.web.bundle import BUNDLES, COMPONENTS, component

ENTRIES = list(COMPONENTS)
OTHERS = ("acts", "alone", "cards", "hero", "inked", "menu", "pad", "paste", "row", "tiles", "upload")
"""Modules that are of another component or page than the player."""


def get(path: str, coding: str = "identity", has: str = "") -> tuple[dict[str, str], bytes] | str:
    """The headers and the body of an answer; "another" where the app behind is left to answer."""
    said: list[dict[str, Any]] = []

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "another"})

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "path": path,
        "headers": [(b"accept-encoding", coding.encode()), (b"if-none-match", has.encode())],
    }
    run(BUNDLES.cls(behind)(scope, None, send))
    if said[0]["type"] == "another":
        return "another"
    return {name.decode(): text.decode() for name, text in said[0]["headers"]}, said[1]["body"]


def test_what_a_browser_has_already_is_not_sent_again() -> None:
    said, body = get("/_stcore/bidi-components/convviz.story/story.js")
    assert body and said["cache-control"] == "no-cache"
    again, nothing = get("/_stcore/bidi-components/convviz.story/story.js", has=said["etag"])
    assert nothing == b"" and again["etag"] == said["etag"]
    _, whole = get("/_stcore/bidi-components/convviz.story/story.js", has='"another"')
    assert whole == body


@pytest.mark.parametrize("entry", ENTRIES)
def test_nothing_is_left_to_be_asked_for_and_the_entry_stays_one(entry: str) -> None:
    source = component(entry)
    assert not re.search(r"^import |\bimport\(|^export (?!default)", source, re.MULTILINE)
    assert source.count("export default") == 1


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_module_is_there_once_and_before_it_is_used(entry: str) -> None:
    source = component(entry)
    made = re.findall(r"^const \$(\w+) = ", source, re.MULTILINE)
    assert len(made) == len(set(made))
    for name in re.findall(r"= \$(\w+)$", source, re.MULTILINE):
        assert source.index(f"const ${name} = ") < source.index(f"= ${name}\n")
    assert source.index("const $mount = ") < source.index("export default")


def test_the_player_is_made_of_every_module_that_is_of_no_other_component_or_page() -> None:
    made = set(re.findall(r"^const \$(\w+) = ", component("player"), re.MULTILINE))
    assert made == {path.stem for path in MODULES.glob("*.js")} - {*ENTRIES, *OTHERS} | {"player"}


def test_one_small_module_alone_knows_streamlit_s_components() -> None:
    knowing = {path.stem for path in MODULES.glob("*.js") if "setTriggerValue" in path.read_text("utf-8")}
    assert knowing == {"mount"} and "setTriggerValue" not in bundle("alone")
    assert not any('"./mount.js"' in path.read_text("utf-8") for path in MODULES.glob("*.js"))


def test_a_name_that_two_modules_have_stays_two(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { one } from "./b.js"\nconst two = 3\nexport const three = one + two\n')
    (tmp_path / "b.js").write_text("const two = 2\nexport const one = two - 1\n")
    assert bundle("a", modules=tmp_path) == (
        "const $b = (() => {\nconst two = 2\nconst one = two - 1\n\nreturn { one }\n})()\n"
        "const $a = (() => {\nconst { one } = $b\nconst two = 3\nconst three = one + two\n\nreturn { three }\n})()\n"
    )


def test_without_remarks_each_line_that_is_no_remark_is_left() -> None:
    for path in MODULES.glob("*.js"):
        source = re.sub(r" // [^\"'`\n]*$", "", path.read_text("utf-8"), flags=re.MULTILINE)  # those behind code
        left = without_remarks(path.read_text("utf-8")).splitlines()
        gone = [line for line in source.splitlines() if line.lstrip() not in left]
        assert all(left)
        assert all(re.match(r"\s*(//|/\*\*)|\s*$", line) or "*/" in source.split(line, 1)[1] for line in gone)
        assert not any(line.strip().startswith(("//", "/**")) for line in left)
        assert set(left) <= {line.lstrip() for line in source.splitlines()}


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize(("coding", "unpacked"), [("gzip, br", gzip.decompress), ("identity", bytes), ("", bytes)])
def test_it_is_what_a_browser_gets(entry: str, coding: str, unpacked: Any) -> None:
    headers, body = get(f"/under/_stcore/bidi-components/convviz.{entry}/{entry}.js", coding)
    assert unpacked(body).decode() == component(entry)
    assert headers.get("content-encoding", "") == ("gzip" if "gzip" in coding else "")
    assert headers["content-type"].startswith("text/javascript") and headers["content-length"] == str(len(body))


FILES = sorted(p.relative_to(MODULES.parent).as_posix() for p in MODULES.parent.rglob("*") if p.is_file())


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_serves_its_entry_and_its_style_and_no_other_file_of_the_package(name: str) -> None:
    below = f"/_stcore/bidi-components/convviz.{name}"
    assert get(f"{below}/{name}.css") == "another"
    for path in (
        *FILES,
        *(Path(file).name for file in FILES),
        "../wire.py",
        "",
        "/",
        "%2e%2e/cli.py",
        f"{name}.js/",
        "\n",
    ):
        if path not in (f"{name}.js", f"{name}.css"):
            assert get(f"{below}/{path}") == (
                {"content-length": "3", "content-type": "text/plain; charset=utf-8"},
                b"404",
            )


def test_what_is_no_component_of_ours_is_answered_as_ever() -> None:
    assert get("/_stcore/bidi-components/convviz.other/other.js")[1] == b"404"
    assert get("/_stcore/bidi-components/theirs.player/player.js") == "another"
    assert get("/_stcore/health") == "another"
