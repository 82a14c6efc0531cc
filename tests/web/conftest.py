"""The app without a browser: its script run as Streamlit runs it, its pages read as the elements they send."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
SHELL = ROOT / "convviz" / "web" / "shell.py"


class Visit(AppTest):
    """A visitor: a session of its own."""

    def go(self, page: str = "", language: str = "", **query: str) -> Visit:
        """Open a page, with the query of a link."""
        for name, text in query.items():
            self.query_params[name] = text
        if language:
            self.query_params["lang"] = language
        if page:
            self.switch_page(str(ROOT / "pages" / f"{page}.py"))
        self.run()
        return self.sound()

    def sound(self) -> Visit:
        assert not self.exception, self.exception
        return self

    def sent(self, name: str) -> list[dict[str, Any]]:
        """What each component of this name was sent."""
        protos = [element.proto for element in self.get("bidi_component")]
        return [json.loads(proto.bytes) for proto in protos if proto.component_name == f"convviz.{name}"]

    @property
    def player(self) -> dict[str, Any]:
        (one,) = self.sent("player")
        return one

    @property
    def dials(self) -> dict[str, dict[str, Any]]:
        (one,) = self.sent("dials")
        return {dial["name"]: dial for dial in one["dials"]}

    def say(self, key: str, event: str, value: Any) -> Visit:
        """What a component's JavaScript would send: an event of the component with this key."""
        (mount,) = (e.proto.id for e in self.get("bidi_component") if e.proto.id.endswith(f"-{key}"))
        states = self._tree.get_widget_states()
        states.widgets.add(
            id=f"$$STREAMLIT_INTERNAL_KEY_{mount}__events",
            json_trigger_value=json.dumps([{"event": event, "value": value}]),
        )
        self._run(states)
        return self.sound()

    def turn(self, lesson: str, name: str, value: Any, commit: bool = True) -> Visit:
        """Turn a dial, or press a pill."""
        return self.say(f"dials:{lesson}", "turn", {"name": name, "value": value, "commit": commit})

    def state(self, lesson: str) -> Any:
        return self.session_state["held"].states[lesson]

    def press(self, key: str) -> Visit:
        self.button(key=key).click().run()
        return self.sound()

    def choose(self, key: str, value: Any) -> Visit:
        next(group for group in self.get("button_group") if group.key == key).set_value(value).run()
        return self.sound()


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """Each session looks through every installed package for components: most of its time, for the same answer."""
    with pytest.MonkeyPatch.context() as patch:
        with contextlib.suppress(ImportError):  # a Streamlit that looks elsewhere does so as often as it likes
            from streamlit.components.v2 import manifest_scanner as scanner

            patch.setattr(scanner, "scan_component_manifests", functools.cache(scanner.scan_component_manifests))
        yield


@pytest.fixture
def visit() -> Callable[..., Visit]:
    """A new session on a page."""

    def opened(page: str = "", **query: str) -> Visit:
        return Visit(SHELL, default_timeout=60).go(page, **query)

    return opened
