"""docs/api.md is the public interface as the code has it, so that a change of one is a change of the other."""

from __future__ import annotations

import convviz as cv
from tools import api


def test_the_document_is_what_the_code_says():
    assert api.DOCUMENT.read_text("utf-8") == api.document(), "python tools/api.py makes it anew"


def test_whatever_is_public_stands_in_it_with_its_documentation():
    document = api.document()
    for name in cv.__all__:
        assert document.count(f"### `cv.{name}`\n") == 1
        assert (getattr(cv, name).__doc__ or "").split("\n")[0].rstrip() in document, name
