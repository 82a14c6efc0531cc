"""Colours as numbers: mixes, scales of them, and how well one is read on another. All are #rrggbb."""

from __future__ import annotations

LEAST_CONTRAST = 4.5
"""The least contrast of a text with what it stands on (WCAG 2.2, AA)."""


def mixed(low: str, high: str, share: float) -> str:
    """The colour `share` of the way from one to another.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    ends = [[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for colour in (low, high)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(*ends, strict=True))


def ramp(stops: tuple[str, ...], levels: int) -> list[str]:
    """Colours for so many levels, which pass through all stops.

    >>> ramp(("#000000", "#808080", "#ffffff"), 5)
    ['#000000', '#404040', '#808080', '#c0c0c0', '#ffffff']
    """
    places = [level / (levels - 1) * (len(stops) - 1) for level in range(levels)]
    lows = [min(int(place), len(stops) - 2) for place in places]
    return [mixed(stops[low], stops[low + 1], place - low) for low, place in zip(lows, places, strict=True)]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(fill: str) -> str:
    """Near-black or white, whichever is read better on `fill`; on the greys between, where neither will do, black.

    >>> readable("#ffffff"), readable("#000000"), readable("#7f7f7f")
    ('#16181d', '#ffffff', '#000000')
    """
    best = max(("#16181d", "#ffffff"), key=lambda text: contrast(text, fill))
    return best if contrast(best, fill) >= LEAST_CONTRAST else "#000000"
