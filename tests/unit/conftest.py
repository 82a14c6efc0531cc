"""A test that takes `picture` goes through the gallery."""

from __future__ import annotations

import pytest
from gallery import GALLERY


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only(which): of the gallery, the pictures that a test is about")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `picture` is run for the whole gallery, or for what its mark `only` picks."""
    if "picture" not in metafunc.fixturenames:
        return
    only = metafunc.definition.get_closest_marker("only")
    picked = {name: p for name, p in GALLERY.items() if only is None or only.args[0](p)}
    metafunc.parametrize("picture", list(picked.values()), ids=list(picked))
