"""The size formula of a layer, in symbols and in the current numbers, each part bearing the role it speaks of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A piece of a formula and the role it speaks of ("" for a bracket or a sign)."""

    text: str
    role: str = ""


@dataclass(frozen=True)
class Formula:
    """symbols and numbers stand side by side term by term; steps are what the numbers come to, the last the size."""

    symbols: tuple[Term, ...]
    numbers: tuple[Term, ...]
    steps: tuple[str, ...]
    value: int

    @property
    def letters(self) -> tuple[Term, ...]:
        """Each letter of the symbols once, in their order, without a factor before it."""
        return tuple({Term(term.text.removeprefix("2"), term.role): None for term in self.symbols if term.role})

    @property
    def rounding(self) -> str:
        """How the size is rounded: "down", "up" or ""; "rest" where rounding down leaves something over."""
        text = "".join(term.text for term in self.symbols)
        if "⌈" in text:
            return "up"
        return "" if "⌊" not in text else "rest" if len(self.steps) > 1 else "down"

    def text(self) -> str:
        """The formula as one line.

        >>> conv_formula(5, (1, 1), 3, 2, 1, 3).text()
        'o = ⌊(i + 2p − k) / s + 1⌋ = ⌊(5 + 2·1 − 3) / 2 + 1⌋ = 3'
        """
        lines = ["".join(term.text for term in side) for side in (self.symbols, self.numbers)]
        return " = ".join([*lines, *self.steps])


Piece = tuple[str, str, str]
"""(symbol, number, role)."""

SIZE: tuple[Piece, ...] = (("o", "", "output"), (" = ", "", ""))


def _sides(*pieces: Piece) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Pieces as the two sides of a formula."""
    symbols = tuple(Term(symbol, role) for symbol, _, role in pieces if symbol)
    numbers = tuple(Term(number, role) for _, number, role in pieces if number)
    return symbols, numbers


def _same(text: str) -> Piece:
    return (text, text, "")


def _pad_pieces(sign: str, before: int, after: int) -> list[Piece]:
    """The padding of both ends; nothing at an end where there is none."""
    if before == after:
        return [_same(sign), ("2p", f"2·{before}", "padding")] if before else []
    ends = (("p₁", before), ("p₂", after))
    return [piece for name, pad in ends if pad for piece in (_same(sign), (name, str(pad), "padding"))]


def _reach(k: int, d: int) -> list[Piece]:
    """d(k - 1): how far the kernel's last cell lies from its first."""
    return [("d", f"{d}·", "dilation"), _same("("), ("k", str(k), "kernel"), _same(" − 1)")]


def conv_formula(
    i: int, pads: tuple[int, int], k: int, s: int, d: int, o: int, ceil_mode: bool = False, late: bool = False
) -> Formula:
    """o = floor((i + 2p - d(k-1) - 1) / s) + 1 (arXiv 1603.07285, relationship 15), as plain as its numbers allow.

    What is 0, or multiplies or divides by 1, is left out: i - k + 1 is what remains with stride 1, no padding and no
    dilation. late: ceil's last window would start in the padding after the input, and is taken off again (PyTorch's
    rule).
    """
    kernel: list[Piece] = [("k", str(k), "kernel")] if d == 1 else _reach(k, d)
    inner = [("i", str(i), "input"), *_pad_pieces(" + ", *pads), _same(" − "), *kernel]
    if s == 1:
        return Formula(*_sides(*SIZE, *inner, *([_same(" + 1")] if d == 1 else [])), (str(o),), o)
    left, right = ("⌈", "⌉" + " − 1" * late) if ceil_mode else ("⌊", "⌋")
    symbols, numbers = _sides(
        *SIZE,
        _same(f"{left}("),
        *inner,
        _same(") / " if d == 1 else " − 1) / "),
        ("s", str(s), "stride"),
        _same(f" + 1{right}"),
    )
    room = i + sum(pads) - d * (k - 1) - 1
    steps = (left + _decimal(room + s, s) + right, str(o)) if room % s or late else (str(o),)
    return Formula(symbols, numbers, steps, o)


def _decimal(number: int, divisor: int) -> str:
    """number / divisor to five places, never rounded to a whole number that it is not.

    >>> _decimal(5, 2), _decimal(2, 3), _decimal(1_999_999, 1_000_000), _decimal(6, 3), _decimal(-1, 2)
    ('2.5', '0.66667', '1.99999', '2', '−0.5')
    """
    whole, rest = divmod(abs(number), divisor)
    places = min(max(round(rest * 10**5 / divisor), 1), 10**5 - 1) if rest else 0
    return "−" * (number < 0) + f"{whole}.{places:05d}".rstrip("0").rstrip(".")


def transposed_formula(i: int, pads: tuple[int, int], k: int, s: int, d: int, extra: int, o: int) -> Formula:
    """o = (i-1)s - 2p + d(k-1) + output_padding + 1 (arXiv 1603.07285, relationship 14, with dilation), likewise.

    i + k - 1 is what remains with stride 1, no padding, no dilation and no output padding.
    """
    size: Piece = ("i", str(i), "input")
    first: list[Piece] = [size] if s == 1 else [_same("("), size, _same(" − 1) · "), ("s", str(s), "stride")]
    kernel: list[Piece] = [("k", str(k), "kernel")] if d == 1 else _reach(k, d)
    one = {(True, True): [_same(" − 1")], (False, False): [_same(" + 1")]}.get((s == 1, d == 1), [])
    symbols, numbers = _sides(
        *SIZE,
        *first,
        _same(" + "),
        *kernel,
        *one,
        *_pad_pieces(" − ", *pads),
        *([_same(" + "), ("a", str(extra), "extra")] if extra else []),
    )
    return Formula(symbols, numbers, (str(o),), o)


def enlarged_formula(i: int, s: int, o: int) -> Formula:
    """o = i * s: every input has as many outputs as the factor says.

    >>> enlarged_formula(5, 2, 10).text()
    'o = i · s = 5 · 2 = 10'
    """
    symbols, numbers = _sides(
        ("o", "", "output"), (" = ", "", ""), ("i", str(i), "input"), _same(" · "), ("s", str(s), "stride")
    )
    return Formula(symbols, numbers, (str(o),), o)


def given_formula(outputs: int) -> Formula:
    """An output of the size that was asked for, as that of a dense layer, or of an adaptive pooling."""
    symbols, numbers = _sides(("o", str(outputs), "output"))
    return Formula(symbols, numbers, (), outputs)


def separable_formula(
    maps: int, kernel_size: tuple[int, ...], parts: tuple[int, int], whole: tuple[int, int]
) -> Formula:
    """1/N + 1/k^2: what a depthwise and a pointwise convolution cost of the ordinary one that they replace (Howard et
    al., "MobileNets", arXiv 1704.04861, section 3.1).

    parts, whole: the weights and the multiply-accumulates of both ways.

    >>> separable_formula(4, (3, 3), (39, 975), (108, 2700)).text()
    '1/N + 1/k² = 1/4 + 1/3² = 39/108 = 975/2,700 = 0.36111'
    """
    factors = [piece for k in kernel_size for piece in (_same("·"), ("k", str(k), "kernel"))][1:]
    power = [_same({1: "", 2: "²", 3: "³"}[len(kernel_size)])]
    kernel = [factors[0], *power] if len(set(kernel_size)) == 1 else [_same("("), *factors, _same(")")]
    pieces: list[Piece] = [_same("1/"), ("N", str(maps), "output"), _same(" + 1/"), *kernel]
    shares = [f"{part:,}/{all_of:,}" for part, all_of in zip(parts, whole, strict=True)]
    return Formula(*_sides(*pieces), (*shares, _decimal(parts[1], whole[1])), parts[1])
