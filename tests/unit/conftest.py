"""A test that takes `picture` goes through the gallery."""

from __future__ import annotations

from zlib import crc32

import pytest
from depth import SOAK
from gallery import GALLERY

FEW = 12
"""So many pictures, and fewer, are all drawn."""

SHARE = 10
"""Of more of them a test draws every tenth; `make soak` draws all."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "only(which): of the gallery, the pictures that a test is about")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `picture` is run for pictures of the gallery, or of those that its mark `only` picks."""
    if "picture" not in metafunc.fixturenames:
        return
    only = metafunc.definition.get_closest_marker("only")
    picked = {name: p for name, p in GALLERY.items() if only is None or only.args[0](p)}
    if not SOAK and len(picked) > FEW:  # each test draws others, so that together they see all
        first = crc32(metafunc.definition.name.encode()) % SHARE
        picked = dict(list(picked.items())[first::SHARE])
    metafunc.parametrize("picture", list(picked.values()), ids=list(picked))
