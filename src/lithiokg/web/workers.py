"""A pool of worker processes that answer users' queries, and are killed with them.

Half of the workers are for short queries alone. A query counts as long after a moment, and then steps back
behind the others; where more are long than may be, while short ones wait, the latest of them is stopped and
waits its turn. So runaway queries share what is theirs, and do not slow down the rest.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
import time
from concurrent.futures import InvalidStateError
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError
from lithiokg.web.jobs import Job, Seat, fail, stopping
from lithiokg.web.keeping import kept_files
from lithiokg.web.outcomes import end_of, failure_of, limit_problem
from lithiokg.web.problems import ProblemError
from lithiokg.web.process import Nursery
from lithiokg.web.queueing import FairQueue
from lithiokg.web.reply import Held, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lithiokg.store import Store
    from lithiokg.store.resident import Report, Task
    from lithiokg.web.settings import Settings

__all__ = ["Job", "Pool"]

#: Seconds of work after which a query is long.
_MOMENT = 0.3
#: Seconds after which it is known as long, should it come again.
_LONG = 1.0
_REMEMBERED = 1000
_TICK = 0.05
#: The clock of the worker itself, which only matters should the server be gone, runs behind ours.
_GRACE = 5.0


class Pool:
    """Worker processes over one snapshot; they start with the first query, or with :meth:`start`.

    Args:
        store: what they answer from.
        settings: the limits.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self.settings = settings
        self._store = store
        self._changed = threading.Condition()
        self._short: FairQueue[Job] = FairQueue()
        self._long: FairQueue[Job] = FairQueue()
        self._seats = [Seat(number) for number in range(max(2, settings.workers))]
        self._long_seats = len(self._seats) // 2
        self._known_long: dict[bytes, None] = {}
        self._held = Held(settings.max_held)
        self._threads: list[threading.Thread] = []
        self._stack = ExitStack()
        self._nursery: Nursery | None = None
        self._failure: LithioKGError | None = None
        self._closed = False

    # --- asking -----------------------------------------------------------------------------------

    def task(
        self,
        query: str,
        formats: Mapping[str, str | None],
        *,
        base: str | None = None,
        dataset: tuple[list[str], list[str]] | None = None,
        graphs: list[str] | None = None,
        max_rows: int | None = None,
        cut: bool = False,
        check: bool = False,
        gzip: bool = False,
        prefixes: bool = False,
    ) -> Task:
        """A query with the limits of the server (see :class:`lithiokg.store.resident.Task`).

        Args:
            query: the text.
            formats: the format of each kind of answer (``table``, ``boolean``, ``graph``).
            base: what relative IRIs are relative to, where the query does not say.
            dataset: default graphs and named graphs in place of those that the query names.
            graphs: the graphs that are seen, where no dataset is named.
            max_rows: fewer rows than the server would give.
            cut: give the first rows of a longer answer, as TSV.
            check: only see whether it parses.
            gzip: compress the body.
            prefixes: the usual prefixes need not be declared.
        """
        limits = self.settings
        return {
            "query": query,
            "base": base,
            "dataset": dataset,
            "graphs": graphs,
            "formats": dict(formats),
            "max_rows": limits.max_rows if max_rows is None else min(max_rows, limits.max_rows),
            "max_bytes": limits.max_bytes,
            "seconds": limits.timeout + _GRACE,
            "cut": cut,
            "check": check,
            "gzip": gzip,
            "prefixes": prefixes,
            "allow_hosts": sorted(limits.allow_hosts),
        }

    def submit(self, task: Task, client: str = "") -> Job:
        """Queue a query.

        Args:
            task: the query.
            client: who asks; clients are served in turn.

        Raises:
            ProblemError: if too many wait already, or the pool is closed.
        """
        self.start()
        job = Job(task, client)
        job.future.add_done_callback(lambda future: self._abandon(job) if future.cancelled() else None)
        with self._changed:
            if len(self._short) + len(self._long) >= self.settings.queue:
                raise limit_problem("queue", self.settings.queue)
            (self._long if job.digest in self._known_long else self._short).put(client, job)
            self._changed.notify_all()
        return job

    async def answer(self, task: Task, client: str = "") -> Reply:
        """Answer a query; if the caller is cancelled, so is the query.

        Raises:
            QueryError: if it does not parse.
            ProblemError: if it is refused, met a limit, or has no format.
            LithioKGError: if it failed otherwise.
        """
        return await asyncio.wrap_future(self.submit(task, client).future)

    def answer_now(self, task: Task, client: str = "") -> Reply:
        """The same as :meth:`answer` for a thread that may wait."""
        return self.submit(task, client).future.result()

    def figures(self) -> dict[str, int]:
        """How many queries run and wait, and how many bytes of answers wait for their clients."""
        with self._changed:
            running = sum(seat.job is not None for seat in self._seats)
            waiting = len(self._short) + len(self._long)
        return {"running": running, "waiting": waiting, "held": self._held.bytes}

    def pids(self) -> list[int]:
        """The numbers of the worker processes that are up."""
        with self._changed:
            return [seat.process.pid for seat in self._seats if seat.process is not None]

    # --- starting and ending ----------------------------------------------------------------------

    def start(self) -> None:
        """Start the workers, unless they have been started; nobody waits for them.

        Raises:
            ProblemError: if the pool is closed.
        """
        with self._changed:
            if self._closed:
                raise stopping()
            if self._threads:
                return
            atexit.register(self.close)
            targets: list[Callable[[], None]] = [self._prepare, self._watch]
            targets += [partial(self._work, seat) for seat in self._seats]
            self._threads = [
                threading.Thread(target=target, daemon=True, name="lithiokg-pool") for target in targets
            ]
            for thread in self._threads:
                thread.start()

    def _prepare(self) -> None:
        """Provide what workers come from, which may take a moment; the other threads wait for it."""
        nursery: Nursery | None = None
        failure: LithioKGError | None = None
        try:
            files = self._stack.enter_context(kept_files(self._store))
            nursery = Nursery(files, self.settings.memory)
            self._stack.callback(nursery.close)
        except LithioKGError as error:
            failure = error
        except OSError as error:
            failure = LithioKGError(f"the files for the workers cannot be written: {error}")
        with self._changed:
            self._nursery, self._failure = nursery, failure
            self._changed.notify_all()

    def close(self) -> None:
        """End the workers and whatever they do."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            for job in [*self._short, *self._long]:
                fail(job, stopping())
            for seat in self._seats:
                if seat.process is not None:
                    seat.process.kill()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=5)
        self._stack.close()
        atexit.unregister(self.close)

    # --- the threads that wait for a worker each --------------------------------------------------

    def _work(self, seat: Seat) -> None:
        while True:
            failure = self._ready(seat)
            job = self._next(seat)
            if job is None:
                break
            if failure is not None:
                fail(job, failure)
                self._free(seat)
                continue
            self._run(seat, job)
        if seat.process is not None:
            seat.process.end()

    def _ready(self, seat: Seat) -> LithioKGError | None:
        """Have a process at hand; tells why there is none."""
        with self._changed:
            while self._nursery is None and self._failure is None and not self._closed:
                self._changed.wait()
        if self._nursery is None:
            return self._failure
        if seat.process is None and not self._closed:
            try:
                process = self._nursery.process()
            except LithioKGError as error:
                return error
            except OSError as error:
                return LithioKGError(f"a process that answers queries did not start: {error}")
            with self._changed:
                seat.process = process
                if self._closed:
                    process.kill()
        return None

    def _next(self, seat: Seat) -> Job | None:
        with self._changed:
            while not self._closed:
                job = self._chosen(seat)
                if job is not None:
                    job.begun = time.monotonic()
                    job.long = job.digest in self._known_long
                    seat.job = job
                    return job
                self._changed.wait()
        return None

    def _chosen(self, seat: Seat) -> Job | None:
        may_be_long = self._count_long() < self._long_seats
        # The first seats look after long queries, the others after short ones, and all help out.
        if seat.number < self._long_seats and may_be_long and self._long:
            return self._long.take()
        if self._short:
            return self._short.take()
        return self._long.take() if may_be_long and self._long else None

    def _count_long(self) -> int:
        return sum(seat.job is not None and seat.job.long for seat in self._seats)

    def _run(self, seat: Seat, job: Job) -> None:
        process = seat.process
        if process is None:  # pragma: no cover  # _ready has seen to it
            raise RuntimeError("a seat without a process")
        if job.long:
            process.step_back()
        job.busy_before = process.busy()
        reply = Reply(self._held)
        trouble: ProblemError | None = None
        report: Report | None = None
        try:
            report = process.perform(job.task, reply.take)
        except ProblemError as error:
            trouble = error
        job.work_of(process)
        self._remember(job)
        stopped = self._free(seat)
        status = 0
        if report is None or stopped or job.long or report.get("retire"):
            status = process.end()  # one that stepped back would stay behind, too
            with self._changed:
                seat.process = None
        reply.report = report or {"outcome": stopped or "died"}
        self._settle(job, reply, trouble or self._trouble(job, report, stopped, status))

    def _free(self, seat: Seat) -> str | None:
        """Note that a seat is free; tells why its job was stopped, where it was."""
        with self._changed:
            job, seat.job = seat.job, None
            self._changed.notify_all()
            return job.stopped if job is not None else None

    def _remember(self, job: Job) -> None:
        if job.begun is None:  # pragma: no cover  # it has just run
            return
        took = min(time.monotonic() - job.begun, job.work)
        with self._changed:
            if took > _LONG or job.stopped == "preempted":
                self._known_long[job.digest] = None
                while len(self._known_long) > _REMEMBERED:
                    del self._known_long[next(iter(self._known_long))]
            elif took < _MOMENT:
                self._known_long.pop(job.digest, None)

    def _trouble(
        self, job: Job, report: Report | None, stopped: str | None, status: int
    ) -> LithioKGError | str | None:
        """Why a query has no answer: an error, or ``preempted`` or ``gone``."""
        if report is not None:
            return None if report["outcome"] == "ok" else failure_of(report, job.task, self.settings)
        if stopped in {"preempted", "gone"}:
            return stopped
        if self._closed:
            return stopping()
        return end_of(self.settings, status, timed_out=stopped == "time")

    def _settle(self, job: Job, reply: Reply, trouble: LithioKGError | str | None) -> None:
        if trouble is None:
            reply.rewind()
            try:
                job.future.set_result(reply)
            except InvalidStateError:  # nobody waits any more
                reply.close()
            return
        reply.close()
        if isinstance(trouble, LithioKGError):
            fail(job, trouble)
        elif trouble == "preempted":
            self._again(job)

    def _again(self, job: Job) -> None:
        with self._changed:
            job.begun, job.stopped, job.waiting_since = None, None, time.monotonic()
            if self._closed:
                fail(job, stopping())
            elif not job.future.cancelled():
                self._long.put(job.client, job)
                self._changed.notify_all()

    # --- the thread that watches the clock --------------------------------------------------------

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                busy = self._short or self._long or any(seat.job for seat in self._seats)
                self._changed.wait(_TICK if busy else None)
                now = time.monotonic()
                for seat in self._seats:
                    self._look_at(seat, now)
                self._make_room()
                self._turn_away(now)

    def _look_at(self, seat: Seat, now: float) -> None:
        job = seat.job
        if job is None or job.begun is None or job.stopped or seat.process is None:
            return
        took = now - job.begun
        if took > self.settings.timeout:
            job.stopped = "time"
            seat.process.kill()
        elif not job.long and took > _MOMENT and job.work_of(seat.process) > _MOMENT:
            job.long = True
            seat.process.step_back()

    def _make_room(self) -> None:
        """Stop the latest of too many long queries while short ones wait."""
        if not self._short or any(seat.job is None for seat in self._seats):
            return
        long = [seat for seat in self._seats if seat.job and seat.job.long and not seat.job.stopped]
        long.sort(key=lambda seat: seat.job.begun or 0.0 if seat.job else 0.0)
        for seat in long[self._long_seats :]:
            if seat.job is not None and seat.process is not None:
                seat.job.stopped = "preempted"
                seat.process.kill()

    def _turn_away(self, now: float) -> None:
        for queue in (self._short, self._long):
            late = [job for job in queue if now - job.waiting_since > self.settings.max_wait]
            for job in late:
                queue.remove(job.client, job)
                fail(job, limit_problem("wait", self.settings.max_wait))

    def _abandon(self, job: Job) -> None:
        """Nobody waits for a query any more."""
        with self._changed:
            if self._short.remove(job.client, job) or self._long.remove(job.client, job):
                return
            for seat in self._seats:
                if seat.job is job and seat.process is not None and not job.stopped:
                    job.stopped = "gone"
                    seat.process.kill()
