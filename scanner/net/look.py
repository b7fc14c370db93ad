"""One question and its answer on one connection: dial, ask, gate, close. Follows nothing, repeats nothing."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from time import time
from types import TracebackType

from scanner.errors import NetError
from scanner.net.answer import Answer
from scanner.net.http import SLOW_DOWN, Request, Verb, retry_after
from scanner.net.pace import Pace
from scanner.net.published import PUBLISHED, TEXT
from scanner.net.response import Response
from scanner.net.stream import Stream


class Look:
    """`async with look as answer:`; leaving it closes the connection, whatever happened."""

    __slots__ = ("_agent", "_answer", "_dial", "_pace", "_request", "_stream")

    def __init__(self, dial: Callable[[], Awaitable[Stream]], request: Request, *, agent: str, pace: Pace) -> None:
        self._dial = dial
        self._request = request
        self._agent = agent
        self._pace = pace
        self._answer: Answer | None = None
        self._stream: Stream | None = None

    async def __aenter__(self) -> Answer:
        """The answer, past its gates. Every kind of `NetError`."""
        request = self._request
        stream = self._stream = await self._dial()
        response = Response(bodiless=request.verb is Verb.HEAD, interim=stream.limits.interim)
        try:
            stream.note(request.verb.value, request.path_class)
            await stream.send(request.render(self._agent))
            answer = Answer(stream, response, loose=request.path in TEXT, published=request.path in PUBLISHED)
            await answer.open()
        except BaseException as error:
            self._told(error)
            stream.abort()
            response.let_go()
            raise
        self._answer = answer
        self._keep_pace(answer, stream)
        return answer

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        self._told(error)
        if self._answer is not None:
            self._answer.finish()

    def _told(self, error: BaseException | None) -> None:
        if self._stream is None:
            return
        if isinstance(error, NetError):
            self._stream.outcome = error.reason.value
            error.in_tls = self._stream.tls is not None
        elif isinstance(error, CancelledError):
            self._stream.outcome = "interrupted"

    def _keep_pace(self, answer: Answer, stream: Stream) -> None:
        if answer.status in SLOW_DOWN:
            self._pace.slow_down(stream.endpoint.address, retry_after(answer.header("retry-after"), time()))
        else:
            self._pace.well(stream.endpoint.address)
