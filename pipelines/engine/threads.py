"""Calls in threads that no end of the program waits for."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

ArgumentsT = ParamSpec("ArgumentsT")
ResultT = TypeVar("ResultT")


class Threads:
    """As an executor of the standard library, whose threads would keep an interrupted program from ending."""

    def __init__(self, most: int) -> None:
        """``most`` calls go on at once."""
        self._places = threading.BoundedSemaphore(most)

    def submit(
        self, call: Callable[ArgumentsT, ResultT], *arguments: ArgumentsT.args, **named: ArgumentsT.kwargs
    ) -> Future[ResultT]:
        """Begin with it; waits while there is no place."""
        future: Future[ResultT] = Future()

        def run() -> None:
            try:
                future.set_result(call(*arguments, **named))
            except BaseException as error:  # noqa: BLE001 (it reaches whoever asks for the result)
                future.set_exception(error)
            finally:
                self._places.release()

        self._places.acquire()
        threading.Thread(target=run, daemon=True).start()
        return future
