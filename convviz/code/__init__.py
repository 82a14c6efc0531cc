"""Code of the frameworks: pasted text as a network, and a network as text."""

from convviz.code.building import Left
from convviz.code.problem import CodeError, Problem
from convviz.code.read import Read, from_pytorch, read
from convviz.code.write import to_code

__all__ = ["CodeError", "Left", "Problem", "Read", "from_pytorch", "read", "to_code"]
