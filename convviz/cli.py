"""The `convviz` command. Its options are made from the layers' parameters, its words come from the catalogue."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import click

from convviz import __version__, early
from convviz.classics import CLASSICS
from convviz.errors import LayerError
from convviz.explain import explain
from convviz.export.formats import listed
from convviz.export.name import file_name
from convviz.export.save import save
from convviz.kernels import traced
from convviz.layers import REGISTRY, Layer
from convviz.layers.arguments import choice, whole
from convviz.layers.notation import spelled, value_from_text
from convviz.layers.repair import with_whole_fix
from convviz.network import Network, stack_from_text
from convviz.options import NAMES, NUMBERS, layer_option, picture_options
from convviz.scene.build import scene
from convviz.scene.compare import common_view, part_of, shared_input
from convviz.scene.compare import compare as side_by_side
from convviz.scene.scene import Scene
from convviz.scene.view import natural
from convviz.scene.views import VIEWS
from convviz.text import say
from convviz.usage import Picture, number, spoken, told, unknown_command

ALIASES = {"conv-transpose": "tconv"}
"""Other names of layers; the first names are their kinds."""

READ = ("size", "padding", "count")
"""The kinds of parameters whose words are read as numbers; the others are given as they are."""


def main(args: list[str] | None = None) -> int:
    """Run the command with `args` (without: those of the process) and return its exit code: 0, or 2 for wrong input.

    >>> main(["gif", "conv2d-i5-k9", "-o", "never.gif"])
    2
    """
    given = sys.argv[1:] if args is None else list(args)
    language = spoken(given)
    try:
        with _ending():
            code = command.main(args=given, prog_name="convviz", standalone_mode=False)
    except (LayerError, click.UsageError) as error:
        refused = error if isinstance(error, LayerError) else told(error)
        click.echo(refused.text(language), err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except OSError as error:
        why = error.strerror or str(error)
        click.echo(say("cli.not_written", language, path=error.filename or "", why=why), err=True)
        return 1
    return code if isinstance(code, int) else 0


@contextmanager
def _ending() -> Iterator[None]:
    """Signals raise here, so that what is being written is removed on the way out; after it they do as before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        signal.signal(signal.SIGTERM, _ended)
        if before[signal.SIGINT] is early.end:
            signal.signal(signal.SIGINT, _ended)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ended(number: int, frame: object) -> None:
    """Raise what ends the command. It is no KeyboardInterrupt: Python remembers one that has passed through a text
    given to `exec`, as `namedtuple` gives, and then ends by the signal itself, although it was caught."""
    sys.exit(128 + number)


class Commands(click.Group):
    """A group whose commands are told by name; a layer's name alone is pointed to `gif`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if self.get_command(ctx, word) is None:
            layer = self is command and gif.get_command(ctx, word) is not None
            raise unknown_command(word, self.list_commands(ctx), f"gif {word}" if layer else "")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    help=say("cli.help", animations=listed(("animation",)), stills=listed(("still",)), pages=listed(("page",))),
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, help=say("cli.version"))
def command() -> None:
    pass


@command.command(cls=Picture, help=say("cli.classics"))
@click.option("--out", "folder", required=True, help=say("cli.folder"))
def classics(folder: str) -> None:
    target = Path(folder)
    if "\0" in folder or (target.exists() and not target.is_dir()):
        nearest = str(target.parent / "classics")
        raise LayerError("not_folder", "path", {"path": nearest}, value=folder, nearest=nearest)
    target.mkdir(parents=True, exist_ok=True)
    pictures = [(name, scene(layer, view="isometric", plain=True)) for name, layer in CLASSICS]
    frames = sum(picture.steps for _, picture in pictures)
    done = 0
    with _progress("classics") as progress:
        for name, picture in pictures:

            def tell(frame: int, _: int, before: int = done) -> None:
                progress(before + frame, frames)

            save(picture, target / f"{name}.gif", theme="classic", progress=tell)
            done += picture.steps


class Layers(Commands):
    """A command for each kind of layer, and one for any layer's text."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*(kind.kind for kind in REGISTRY), *ALIASES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = ALIASES.get(cmd_name, cmd_name)
        kind = next((kind for kind in REGISTRY if kind.kind == name), None)
        if kind is not None:
            return _kind_command(cmd_name, kind)
        if any(letter.isdigit() for letter in cmd_name) or "-" in cmd_name:
            return Picture(cmd_name, params=picture_options(), callback=_text_callback(cmd_name))
        return None


@command.group(cls=Layers, help=say("cli.gif"), no_args_is_help=False, subcommand_metavar="LAYER [OPTIONS]")
def gif() -> None:
    pass


def _kind_command(name: str, kind: Layer) -> click.Command:
    needed = {f.name for f in fields(kind) if f.default is MISSING}
    own: list[click.Parameter] = [layer_option(p, p.name in needed) for p in kind.parameter_list]
    if kind.shared:
        own.append(click.Option(["--dims"], help=say("cli.dims")))

    def callback(dims: str | None = None, **given: Any) -> None:
        axes = None if dims is None else whole("dims", number(dims), 1, 3)
        words = {p.name: given.pop(p.name) for p in kind.parameter_list}
        _draw(from_options(kind, words, axes, given["view"] or "flat"), **given)

    return Picture(name, params=own + picture_options(), callback=callback, help=say(f"cli.kind_{kind.kind}"))


def from_options(kind: Any, given: dict[str, Any], dims: int | None = None, view: str = "flat") -> Layer:
    """The layer of the options' words: of as many axes as asked for, or as a value has entries, or else of two.

    Raises LayerError that names the option which cannot be read; what it says to try can be drawn in the view.

    >>> from convviz.layers import Conv
    >>> from_options(Conv, {"input_size": "5x7", "kernel_size": "3", "bias": True}).input_size
    (5, 7)
    """
    said = {p: given[p.name] for p in kind.parameter_list if given.get(p.name) is not None}
    axes = dims or _axes({p.name: text for p, text in said.items() if p.kind in ("size", "padding")})
    arguments = {p.name: value_from_text(p, word, axes) if p.kind in READ else word for p, word in said.items()}
    try:
        layer: Layer = kind(**arguments)
    except LayerError as error:
        raise with_whole_fix(error, _drawable(kind, arguments, error.fix, view)) from None
    return layer


def _axes(said: dict[str, str]) -> int:
    """How many axes the options' words speak of: those of the input, or else the most that an option has, or two."""
    counts = {name: spelled(text).count("x") + 1 for name, text in said.items()}
    count = counts.get("input_size", 1)
    return min(count if count > 1 else max(counts.values(), default=1), 3) if max(counts.values(), default=1) > 1 else 2


def _drawable(kind: Any, arguments: dict[str, object], fix: dict[str, object], view: str) -> dict[str, object]:
    """A fix, made smaller where what it makes is too large to be drawn."""
    for _ in range(8):
        try:
            refused = VIEWS[view].refuses(kind(**arguments | fix)) if view in VIEWS else None
        except LayerError as further:
            refused = further
        if refused is None or not refused.fix.keys() <= arguments.keys() | fix.keys():
            break
        fix = fix | refused.fix
    return fix


def _text_callback(text: str) -> Callable[..., None]:
    def callback(**given: Any) -> None:
        _draw(stack_from_text(text), **given)

    return callback


@command.command(cls=Picture, params=picture_options(), help=say("cli.compare"))
@click.argument("one")
@click.argument("other")
def compare(one: str, other: str, **given: Any) -> None:
    _draw(stack_from_text(other), stack_from_text(one), **given)


command.add_command(explain)


def _compared(one: Layer | Network, other: Layer | Network, kernel: str | None, seed: Any, options: Any) -> Scene:
    """Two settings in one picture, on one input and, by its name, with one kernel."""
    view, x = common_view(one, other, options["view"]), shared_input(one, other, seed=seed)
    values = VIEWS[view].has_values
    sides = [traced(s, kernel, seed, part_of(x, s.x_shape)) if values(s) else s for s in (one, other)]
    return side_by_side(sides[0], sides[1], view, options["language"], tones=options["tones"])


def _draw(layer: Layer | Network, beside: Layer | Network | None = None, **given: Any) -> None:
    out, kind, seed, once, kernel = (given.pop(name) for name in ("out", "kind", "seed", "once", "kernel"))
    options = given | {name: number(given[name]) for name in NUMBERS}
    suffix = None if kind is None else f".{choice('format', kind.removeprefix('.').lower(), NAMES)}"
    view = options["view"] or natural(layer)
    if beside is None and view in VIEWS and (refused := VIEWS[view].refuses(layer)):
        raise refused  # of a picture, before the trace has a word
    name = file_name(layer, suffix or ".gif", *(options[part] for part in ("view", "pace", "speed")))
    path = Path((name if beside is None else f"{file_name(beside, '')}-vs-{name}") if out is None else out)
    if not (piped := out == "-") and not path.parent.is_dir():
        raise LayerError("no_folder", "path", {"path": path.name}, value=out, nearest=path.name)
    if beside is not None:
        shown: Any = _compared(beside, layer, kernel, number(seed), options)
    else:
        counted = view in VIEWS and not VIEWS[view].has_values(layer)
        shown = layer if counted else traced(layer, kernel, number(seed))
    options |= {"loop": not once, "suffix": (suffix or ".gif") if piped else suffix}
    with _progress(path.name) as progress:
        save(shown, sys.stdout.buffer if piped else path, progress=progress, **options)
        sys.stdout.flush()


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], object]]:
    """A progress bar on the terminal; silence where there is none."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


if __name__ == "__main__":
    sys.exit(main())
