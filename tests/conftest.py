"""What all tests share: how many cases are drawn, how Hypothesis looks for counterexamples, and what the garbage
collector looks at."""

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from depth import few
from hypothesis import HealthCheck, settings

settings.register_profile(
    "convviz",
    deadline=None,
    derandomize="SOAK" not in os.environ,  # `make test` draws the same cases every time, `make soak` new ones
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("convviz")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """The modules and thousands of tests stay until the end: to look through them again and again finds nothing."""
    gc.disable()
    found = yield
    gc.collect()
    gc.freeze()
    gc.enable()
    return found


BROWSER, WEB = (Path(__file__).parent / folder for folder in ("browser", "web"))


def share(item: pytest.Item) -> int:
    """One of so many cases of its test is drawn by `make test`: those of long tests and of the browser are few."""
    if long := item.get_closest_marker("long"):
        return int(long.args[0]) if long.args else 10
    if item.path.is_relative_to(BROWSER):
        return 10
    return 3 if item.path.is_relative_to(WEB) else 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test's cases `make test` runs some, at least one, drawn by the test's name; `make soak` runs all of them."""
    tests: dict[str, list[pytest.Item]] = {}
    for item in items:
        tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
    kept: set[pytest.Item] = set()
    for name, cases in tests.items():
        count = max(1, len(cases) // share(cases[0]))
        kept.update(few(name.rpartition("/")[2], cases, count))
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]
