"""What all tests share: how Hypothesis looks for counterexamples, and what the garbage collector looks at."""

import gc
import os
from collections.abc import Generator

import pytest
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
