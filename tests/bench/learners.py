"""A class at once: 40 learners, each turning a dial once a second, against one alone.

They do what the player does, without browsers, of which two cores could not run 40: ask for the answer to a turn, and
when they rest tell the session over the app's websocket, whose answer they read to its end.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.bench import serving
from tests.bench.figure import Figure

LEARNERS = 40
WHILE = 1.5
"""Seconds of rest after which the session is told, as in asking.js."""

REST = 4
"""Each rests once, after so many turns."""

TURNS = (
    ("stride", 2),
    ("padding", 1),
    ("stride", 1),
    ("padding", 2),
    ("stride", 3),
    ("padding", 0),
    ("kernel_size", 4),
)
"""What each does, a second apart: no state comes twice, and everybody's input has numbers of its own."""


def figures() -> list[Figure]:
    """The median time from a turned dial to the end of its answer."""
    with serving.app() as address:
        asyncio.run(_class(address, 2, seed=0))  # warms up
        alone = asyncio.run(_class(address, 1, seed=100))
        together = asyncio.run(_class(address, LEARNERS, seed=200))
    one, all_of_them = statistics.median(alone), statistics.median(together)
    return [
        Figure(
            f"{LEARNERS} learners, 7x7, one change a second each: median latency",
            f"{all_of_them / one:.1f}x ({all_of_them * 1000:.0f} ms against {one * 1000:.0f} ms)",
            "under twice that of one",
            all_of_them < 2 * one,
            "from the question to the end of the answer, while others tell their sessions; one server process, "
            "clients on the same cores; "
            f"slowest of {len(together)}: {max(together) * 1000:.0f} ms",
        )
    ]


async def _class(address: str, learners: int, seed: int) -> list[float]:
    """Latencies of all changes of all learners, in seconds; a lone learner goes three times through the turns."""
    rounds = 3 if learners == 1 else 1
    found: list[float] = []
    for n in range(rounds):
        ready = asyncio.Barrier(learners)
        numbers = range(learners)
        here = [_learner(address, seed + number + 50 * n, number / learners, ready) for number in numbers]
        found += [latency for one in await asyncio.gather(*here) for latency in one]
    return found


async def _learner(address: str, seed: int, phase: float, ready: asyncio.Barrier) -> list[float]:
    """One learner's latencies, from when all have the page open. phase: seconds after their common beat."""
    taken = []
    stream = address.replace("http", "ws") + "/_stcore/stream"
    web = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port)
    async with connect(stream, subprotocols=[Subprotocol("streamlit")], max_size=None) as ws:
        link = f"v=1&layer=conv2d-i7-k3&x=s{seed}"
        page = await _open(ws, link)
        await ready.wait()
        await asyncio.sleep(0.5 + phase)
        untold = []
        for number, (name, value) in enumerate(TURNS, 1):
            start = time.perf_counter()
            said = await _asked(*web, link, {"name": name, "value": value, "commit": True})
            taken.append(time.perf_counter() - start)
            assert said["scene"]["steps"] and said["link"] != link
            link = said["link"]
            untold.append(link)
            await asyncio.sleep(max(0, 1 - taken[-1]))
            if number in (REST, len(TURNS)):
                await asyncio.sleep(WHILE - 1)
                await ws.send(_told(page, untold))
                await _answer(ws)
                untold = []
    web[1].close()
    return taken


async def _asked(reader: Any, writer: Any, link: str, turn: dict[str, Any]) -> dict[str, Any]:
    """The answer to a turn, over a connection that stays open."""
    query = f"{link}&{urlencode({'turn': json.dumps(turn), 'page': 'light'})}"
    writer.write(f"GET /answer/convolution?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    assert head.startswith("http/1.1 200"), head
    size = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    return dict(json.loads(await reader.readexactly(size)))


async def _open(ws: Any, query: str) -> dict[str, str]:
    """Visit the lesson's page; returns what a dial's message must name."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = "convolution"
    await ws.send(message.SerializeToString())
    page: dict[str, str] = {}
    for said in await _answer(ws):
        component = said.delta.new_element.bidi_component
        if component.component_name.endswith("dials"):
            page = {"dials": component.id, "fragment": said.delta.fragment_id, "hash": said.metadata.active_script_hash}
    return page


async def _answer(ws: Any) -> list[ForwardMsg]:
    """Everything that the server says until the script has run."""
    heard = []
    while True:
        said = ForwardMsg()
        said.ParseFromString(await asyncio.wait_for(ws.recv(), 30))
        heard.append(said)
        if said.WhichOneof("type") == "script_finished":
            return heard


def _told(page: dict[str, str], links: list[str]) -> bytes:
    """The message in which asking.js tells what is shown, in Streamlit's envelope."""
    message = BackMsg()
    message.rerun_script.page_script_hash = page["hash"]
    message.rerun_script.fragment_id = page["fragment"]
    widget = message.rerun_script.widget_states.widgets.add()
    widget.id = f"$$STREAMLIT_INTERNAL_KEY_{page['dials']}__events"
    widget.json_trigger_value = json.dumps([{"event": "turn", "value": {"links": links, "apart": False}}])
    return message.SerializeToString()
