"""A class at once: 40 learners, each turning a dial once a second, against one alone.

They do what the player does, without browsers, of which two cores could not run 40: open the page over the app's
websocket, and ask for the answer to each turn, which the page's session hears of.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.bench import serving
from tests.bench.figure import Figure

LEARNERS = 40
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
            "from the question to the end of the answer; one server process, clients on the same cores; "
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
        session = await _open(ws, link)
        await ready.wait()
        await asyncio.sleep(0.5 + phase)
        for name, value in TURNS:
            start = time.perf_counter()
            turn = {"name": name, "value": value, "commit": True}
            said = await _asked(*web, {"link": link, "session": session, "turn": turn, "page": "light"})
            taken.append(time.perf_counter() - start)
            assert said["scene"]["steps"] and said["link"] != link
            link = said["link"]
            await asyncio.sleep(max(0, 1 - taken[-1]))
    web[1].close()
    return taken


async def _asked(reader: Any, writer: Any, question: dict[str, Any]) -> dict[str, Any]:
    """The answer to a question, over a connection that stays open."""
    body = json.dumps(question).encode()
    head = f"POST /answer/convolution HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    assert head.startswith("http/1.1 200"), head
    size = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    return dict(json.loads(await reader.readexactly(size)))


async def _open(ws: Any, query: str) -> str:
    """Visit the lesson's page; returns what the session is called."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = "convolution"
    await ws.send(message.SerializeToString())
    while True:
        said = ForwardMsg()
        said.ParseFromString(await asyncio.wait_for(ws.recv(), 30))
        component = said.delta.new_element.bidi_component
        if component.component_name.endswith("player"):
            session = json.loads(component.bytes)["session"]
        if said.WhichOneof("type") == "script_finished":
            return str(session)
