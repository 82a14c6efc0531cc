"""The `convviz` command. Its options are made from the layers' parameters, its words come from the catalogue."""

from __future__ import annotations

import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import MISSING, fields
from difflib import get_close_matches
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from convviz.classics import CLASSICS
from convviz.errors import LayerError
from convviz.export.name import file_name
from convviz.export.save import save
from convviz.layers import REGISTRY, Layer, Parameter
from convviz.layers.arguments import whole
from convviz.layers.notation import value_from_text
from convviz.network import Network, stack_from_text
from convviz.quiet import INTERRUPTED
from convviz.scene.build import scene
from convviz.scene.views import VIEWS
from convviz.text import DEFAULT, LANGUAGES, say
from convviz.themes import THEMES
from convviz.trace import trace

ALIASES = {"conv-transpose": "tconv"}
"""Other names of layers; the first names are their kinds."""

READ = ("size", "padding", "count")
"""The kinds of parameters whose words are read as numbers; the others are given as they are."""

_RESERVED = "o"
"""The letter of --out: a parameter that has it too is written out."""


def main(args: list[str] | None = None) -> int:
    """Run the command with `args` (without: those of the process) and return its exit code: 0, or 2 for wrong input.

    >>> main(["gif", "conv2d-i5-k9", "-o", "never.gif"])
    2
    """
    given = sys.argv[1:] if args is None else list(args)
    language = spoken(given)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, _ended)
    try:
        code = command.main(args=given, prog_name="convviz", standalone_mode=False)
    except LayerError as error:
        click.echo(error.text(language), err=True)
        return 2
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.UsageError as error:
        click.echo(_told(error).text(language), err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return 1
    except OSError as error:
        click.echo(say("cli.not_written", path=error.filename or "", why=error.strerror or str(error)), err=True)
        return 1
    return code if isinstance(code, int) else 0


def _ended(number: int, frame: object) -> None:
    """End as if asked to: what is being written is removed on the way out."""
    sys.exit(128 + number)


def spoken(given: list[str]) -> str:
    """The language that the options ask for.

    >>> spoken(["gif", "conv", "--language", "zh"]), spoken(["--language=zh"]), spoken(["--language", "fr"])
    ('zh', 'zh', 'en')
    """
    words = [*given, ""]
    asked = [after for word, after in pairwise(words) if word == "--language"]
    asked += [word.removeprefix("--language=") for word in words]
    return next((word for word in asked if word in LANGUAGES), DEFAULT)


def _told(error: click.UsageError) -> LayerError:
    """What is wrong with the words of the command, in the form of every other error."""
    known = error.ctx.command if error.ctx else command
    if isinstance(error, click.NoSuchOption):
        options = [name for option in known.params for name in (*option.opts, *option.secondary_opts)]
        nearest = (get_close_matches(error.option_name, options, 1, 0.4) or ["--help"])[0]
        return LayerError("option", "option", None, value=error.option_name, nearest=nearest)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        nearest = EXAMPLES.get(error.param.name or "", "5")
        return LayerError("option_missing", "option", None, value=error.param.opts[-1], nearest=nearest)
    if isinstance(known, click.Group) and error.ctx:
        word = (re.findall("'(.*?)'", error.format_message()) or [""])[0]
        names = known.list_commands(error.ctx)
        return LayerError(
            "command", "command", None, value=word, nearest=(get_close_matches(word, names, 1, 0.4) or names)[0]
        )
    return LayerError("option_value", "option", None, value=known.name, why=error.format_message())


EXAMPLES = {"input_size": "5", "kernel_size": "3", "folder": "classics"}
"""What a missing option may be given."""


@click.group(help=say("cli.help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("convviz"), help=say("cli.version"))
def command() -> None:
    pass


@command.command(help=say("cli.classics"))
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help=say("cli.folder"))
def classics(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [(name, scene(layer, view="isometric", plain=True)) for name, layer in CLASSICS]
    frames = sum(picture.steps for _, picture in pictures)
    done = 0
    with _progress("classics") as progress:
        for name, picture in pictures:
            before = done

            def tell(frame: int, _: int, before: int = before) -> None:
                progress(before + frame, frames)

            save(picture, folder / f"{name}.gif", theme="classic", progress=tell)
            done += picture.steps


class Layers(click.Group):
    """A command for each kind of layer, and one for any layer's text."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*(kind.kind for kind in REGISTRY), *ALIASES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = ALIASES.get(cmd_name, cmd_name)
        kind = next((kind for kind in REGISTRY if kind.kind == name), None)
        if kind is not None:
            return _kind_command(cmd_name, kind)
        if any(letter.isdigit() for letter in cmd_name) or "-" in cmd_name:
            return click.Command(cmd_name, params=_picture_options(), callback=_text_callback(cmd_name))
        return None


@command.group(cls=Layers, help=say("cli.gif"), subcommand_metavar="LAYER [OPTIONS]")
def gif() -> None:
    pass


def _kind_command(name: str, kind: Any) -> click.Command:
    needed = {f.name for f in fields(kind) if f.default is MISSING}
    own: list[click.Parameter] = [_layer_option(p, p.name in needed) for p in kind.parameter_list]
    if kind.shared:
        own.append(click.Option(["--dims"], help=say("cli.dims")))

    def callback(dims: str | None = None, **given: Any) -> None:
        axes = None if dims is None else whole("dims", _number(dims), 1, 3)
        layer = from_options(kind, {p.name: given.pop(p.name) for p in kind.parameter_list}, axes)
        _draw(layer, **given)

    return click.Command(name, params=own + _picture_options(), callback=callback, help=say(f"cli.kind_{kind.kind}"))


def _layer_option(parameter: Parameter, needed: bool) -> click.Option:
    long = f"--{parameter.name.replace('_', '-')}"
    short = [f"-{parameter.letter}"] if parameter.letter != _RESERVED else []
    words = say(f"cli.value_{parameter.kind}", choices=", ".join(parameter.choices))
    if parameter.kind == "flag":
        return click.Option([*short, f"{long}/--no-{long[2:]}", parameter.name], default=None, help=words)
    return click.Option([*short, long, parameter.name], required=needed, metavar="VALUE", help=words)


def from_options(kind: Any, given: dict[str, Any], dims: int | None = None) -> Layer:
    """The layer of the options' words: of as many axes as asked for, or as a value has entries, or else of two.

    Raises LayerError that names the option which cannot be read.

    >>> from convviz.layers import Conv
    >>> from_options(Conv, {"input_size": "5x7", "kernel_size": "3", "bias": True}).input_size
    (5, 7)
    """
    said = {
        parameter: given[parameter.name] for parameter in kind.parameter_list if given.get(parameter.name) is not None
    }
    counts = [text.count("x") + 1 for parameter, text in said.items() if parameter.kind in ("size", "padding")]
    axes = dims or (min(max(counts), 3) if max(counts, default=1) > 1 else 2)
    arguments = {
        parameter.name: value_from_text(parameter, word, axes) if parameter.kind in READ else word
        for parameter, word in said.items()
    }
    layer: Layer = kind(**arguments)
    return layer


def _text_callback(text: str) -> Callable[..., None]:
    def callback(**given: Any) -> None:
        _draw(stack_from_text(text), **given)

    return callback


def _picture_options() -> list[click.Parameter]:
    return [
        click.Option(["-o", "--out", "out"], type=click.Path(path_type=Path), help=say("cli.out")),
        click.Option(["--view"], help=say("cli.view", choices=", ".join(VIEWS))),
        click.Option(["--theme"], default="light", help=say("cli.theme", choices=", ".join(THEMES))),
        click.Option(["--language"], default="en", help=say("cli.language", choices=", ".join(LANGUAGES))),
        click.Option(["--step-ms"], help=say("cli.step_ms")),
        click.Option(["--scale"], help=say("cli.scale")),
        click.Option(["--step"], help=say("cli.step")),
        click.Option(["--seed"], default="0", help=say("cli.seed")),
        click.Option(["--once"], is_flag=True, help=say("cli.once")),
    ]


def _number(text: str | None) -> Any:
    """A number where the text is one; else the text, for whoever takes it to refuse."""
    for kind in (int, float):
        with suppress(ValueError, TypeError):
            return kind(text)  # type: ignore[arg-type]
    return text


def _draw(layer: Layer | Network, out: Path | None, seed: str, once: bool, **options: Any) -> None:
    options |= {name: _number(options[name]) for name in ("step_ms", "scale", "step")}
    view = options["view"] or ("coverage" if isinstance(layer, Network) else "flat")
    if view in VIEWS and (refused := VIEWS[view].refuses(layer)):
        raise refused  # of a picture, before the trace has a word
    out = out or Path(file_name(layer, ".gif", options["view"] or ""))
    with _progress(out.name) as progress:
        shown = layer if isinstance(layer, Network) else trace(layer, seed=_number(seed))
        save(shown, out, progress=progress, loop=not once, **options)


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
