"""Sixty animations asked for at once, while ten learners turn their dials; and one who leaves."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench import serving
from tests.bench.figure import Figure

FILES, LEARNERS = 60, 10
SLOWEST, ALL, MEMORY, LEAVING = 0.5, 30.0, 300.0, 1.0


def figures() -> list[Figure]:
    """How slow answers become, when all files are there, what memory is taken, and how soon a place is free."""
    port = serving.free_port()
    process = serving.start(port)
    try:
        serving.wait_for(port, process)
        return asyncio.run(_measured(f"http://127.0.0.1:{port}", process.pid))
    finally:
        process.terminate()
        process.wait(10)


async def _measured(address: str, pid: int) -> list[Figure]:
    await _answered(address, 0)
    await _saved(address, "conv2d-i6-k3", 0)
    await asyncio.sleep(1)
    idle, most, over = _memory(pid), [0.0], asyncio.Event()

    async def watch() -> None:
        while not over.is_set():
            most[0] = max(most[0], _memory(pid))
            await asyncio.sleep(0.05)

    async def learn(seed: int) -> list[float]:
        taken = []
        await asyncio.sleep(seed / LEARNERS)
        while not over.is_set():
            taken.append(await _answered(address, seed))
            await asyncio.sleep(max(0.0, 1 - taken[-1]))
        return taken

    watching = asyncio.create_task(watch())
    learners = [asyncio.create_task(learn(n)) for n in range(LEARNERS)]
    start = time.perf_counter()
    retried = await asyncio.gather(*(_saved(address, "conv2d-i10-k3", n) for n in range(FILES)))
    whole = time.perf_counter() - start
    over.set()
    slowest = max(time for one in await asyncio.gather(*learners) for time in one)
    await watching
    free = await _left(address)
    more = most[0] - idle
    how = f"{FILES} GIFs of 10x10 at once, {LEARNERS} learners, one turn a second each"
    return [
        Figure(f"{how}: slowest answer", f"{slowest * 1000:.0f} ms", "at most 500 ms", slowest <= SLOWEST),
        Figure(f"{how}: all files", f"{whole:.1f} s", "within 30 s", whole <= ALL, f"asked again {sum(retried)} times"),
        Figure(
            f"{how}: memory",
            f"+{more:.0f} MiB",
            "at most 300 MiB above idle",
            more <= MEMORY,
            "server and its processes",
        ),
        Figure(
            "a place after its listener has left",
            f"{free:.2f} s",
            "free within 1 s",
            free <= LEAVING,
            "less what the file itself takes",
        ),
    ]


async def _left(address: str) -> float:
    """How much later a small file comes after two who asked for large ones have left than it comes otherwise."""
    start = time.perf_counter()
    await _saved(address, "conv2d-i8-k3", 1)
    usual = time.perf_counter() - start
    gone = []
    for seed in range(2):
        _, writer = await _sent(address, _path("conv2d-i30-k3", seed))
        gone.append(writer)
    await asyncio.sleep(1)
    for writer in gone:
        writer.close()
    start = time.perf_counter()
    await _saved(address, "conv2d-i8-k3", 2)
    return max(0.0, time.perf_counter() - start - usual)


def _path(layer: str, seed: int) -> str:
    return f"/export/convolution/x.gif?v=1&layer={layer}&x=s{seed}"


async def _saved(address: str, layer: str, seed: int) -> int:
    """Ask for a file until it comes; how often it was asked for again."""
    for again in range(100):
        reader, writer = await _sent(address, _path(layer, seed))
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if " 200 " in head.split("\r\n")[0]:
            size = int(head.partition("content-length: ")[2].partition("\r\n")[0])
            assert (await reader.readexactly(size))[:6] == b"GIF89a"
            writer.close()
            return again
        assert " 503 " in head.split("\r\n")[0], head
        wait = int(head.partition("retry-after: ")[2].partition("\r\n")[0])
        writer.close()
        await asyncio.sleep(wait)
    raise RuntimeError("no file came")


async def _sent(address: str, path: str) -> tuple[Any, Any]:
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {place.hostname}\r\nConnection: close\r\n\r\n".encode())
    return reader, writer


async def _answered(address: str, seed: int) -> float:
    """Seconds from a turned dial to the end of its answer."""
    place = urlsplit(address)
    turn = {"name": "stride", "value": 1 + seed % 3, "commit": False}
    body = json.dumps({"link": f"v=1&layer=conv2d-i7-k3&x=s{seed}", "turn": turn, "page": "light"}).encode()
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    head = f"POST /answer/convolution HTTP/1.1\r\nHost: {place.hostname}\r\nConnection: close\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    said = await reader.read()
    taken = time.perf_counter() - start
    writer.close()
    assert said.startswith(b"HTTP/1.1 200"), said[:200]
    return taken


def _memory(pid: int) -> float:
    """MiB that a process and all that it started hold, what they share counted once each."""
    total = 0.0
    for one in [pid, *_children(pid)]:
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text("ascii")
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024
    return total


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text("ascii").split()):
            found += [child, *_children(child)]
    return found
