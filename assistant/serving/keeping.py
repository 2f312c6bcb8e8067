"""A served assistant that stays up to date: it notices changed documents and has them indexed."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from assistant.builder import assembled, build_opened, open_version
from assistant.configured import configured_paths, index_folder
from assistant.pipeline import Assistant
from assistant.serving.rebuilding import Rebuilding, StoppedError
from assistant.serving.retrying import Retrying
from assistant.serving.switching import Switching
from assistant.settings import Settings
from corpus import Refused, signature
from corpus.errors import UserError
from index import history, versions
from index.progress import Step
from index.store import DamagedError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rebuild:
    """The build that runs, or else the last one.

    ``line`` says what is being done or what came of it; ``done`` of ``total`` pieces of text are embedded, and the rest
    takes about ``seconds`` (None: not known). ``ended`` is a time in ISO 8601, UTC, empty while none has ended.
    ``result`` is what ``index --json`` prints of the last build that succeeded.
    """

    state: Literal["none", "running", "done", "failed"] = "none"
    line: str = ""
    done: int = 0
    total: int = 0
    seconds: float | None = None
    ended: str = ""
    result: dict[str, Any] | None = None


class Kept(Switching):
    """An assistant for many questions over documents that change.

    Every ``watch_seconds`` of the settings (0: never) it looks whether documents or the stored index have changed; a
    change counts once it has stayed the same from one look to the next. The index is built in another process, and the
    questions that are being answered meanwhile are answered from the one before.
    """

    def __init__(
        self, first: "Assistant", settings: Settings, seen: str = "", refused: tuple[Refused, ...] = ()
    ) -> None:
        super().__init__(first)
        self._settings = settings
        self._folder = index_folder(settings)
        self._refused = refused
        self._indexed = seen
        self._looked = seen
        self._rebuild = Rebuild()
        self._running: Rebuilding | None = None
        self._asked = False
        self._forget: tuple[Path, ...] = ()
        self._ending = False
        self._problem = first.index.problem
        self._retrying = Retrying()
        if self._problem:
            self._retrying.failed()
        self._waking = threading.Condition()
        self._taking = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="keeping", daemon=True)
        self._thread.start()
        self.meanwhile("learning", Assistant.learn)

    @property
    def rebuilding(self) -> Rebuild:
        """How far the build is that runs, or what came of the last one."""
        with self._waking:
            return self._rebuild

    @property
    def problem(self) -> str:
        """Why answers do not come from the documents as they are now, in one line; empty where they do."""
        with self._waking:
            return self._problem

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The files that were left out of what answers now, and why; none where that is not known any more."""
        with self._waking:
            return self._refused

    def rebuild(self, forget: tuple[Path, ...] = ()) -> None:
        """Has the documents indexed as they are now, which also ends the holding of an earlier version.

        Those at or below the paths to ``forget`` do not answer any more where they are missing. Returns at once;
        ``rebuilding`` says how far it is. While a build runs another one follows it.
        """
        with self._waking:
            self._asked = True
            self._forget = tuple(dict.fromkeys((*self._forget, *forget)))
            if self._rebuild.state != "running":
                self._rebuild = Rebuild("running", "Waiting to begin", result=self._rebuild.result)
            self._waking.notify_all()

    def versions(self) -> tuple[history.Version, ...]:
        """The versions of the index on disk, the newest first."""
        return history.history(self._folder)

    def roll_back(self, version: str = "") -> history.Version:
        """Has an earlier version answer, and hold until ``rebuild``; ends a build that runs. Raises ``UserError``."""
        chosen = history.chosen(self._folder, version)
        with self._waking:
            running, self._asked = self._running, False
        if running is not None:
            running.stop()
        with self._taking:
            try:
                # Opened first: one that cannot serve must not become the one that holds.
                following = self._opened(chosen.name)
            except DamagedError as error:
                raise UserError(f"the version {chosen.name} cannot serve ({error}): choose another") from error
            try:
                chosen = history.roll_back(self._folder, chosen.name)
            except BaseException:
                following.index.close()
                raise
            self._serve(following)
        return chosen

    def close(self) -> None:
        """Ends the watching and a build that runs, and gives everything back."""
        with self._waking:
            self._ending = True
            running = self._running
            self._waking.notify_all()
        if running is not None:
            running.stop()
        self._thread.join()
        super().close()

    def _keep(self) -> None:
        interval = self._settings.watch_seconds or None
        while True:
            with self._waking:
                self._waking.wait_for(lambda: self._asked or self._ending, interval)
                if self._ending:
                    return
                asked, self._asked = self._asked, False
            try:
                self._look(asked)
            except StoppedError:
                with self._waking:
                    self._rebuild = Rebuild(result=self._rebuild.result)
            except (UserError, DamagedError, OSError) as error:
                self._end("failed", str(error))
            except Exception:
                # A mistake here must not end the watching, nor pass unseen.
                log.exception("Looking for changed documents failed")
                self._end("failed", "The build failed; the terminal the assistant runs in says why.")

    def _look(self, asked: bool) -> None:
        try:
            self._follow()
        except DamagedError as error:
            log.warning("The stored index cannot be taken over: %s", error)
            self._retrying.soon()
        seen = signature(configured_paths(self._settings))
        settled, self._looked = seen == self._looked, seen
        if not asked:
            if history.held(self._folder):
                return
            changed = settled and seen != self._indexed
            if not changed and not self._retrying.due:
                return
        # Whatever comes of it, these files are not tried again before something changes or the pause is over.
        self._indexed = seen
        self._build(fresh=asked)

    def _follow(self) -> None:
        """Takes over the version that serves now, whoever built it or went back to it."""
        with self._taking:
            serving = versions.current(self._folder)
            if serving is not None and serving.name != self.index_name:
                self._serve(self._opened(serving.name))

    def _build(self, *, fresh: bool) -> None:
        with self._waking:
            forget = self._forget
        running = Rebuilding(self._settings, fresh=fresh, forget=forget)
        with self._waking:
            if self._ending:
                return
            self._running = running
            self._rebuild = Rebuild("running", "Reading the documents", result=self._rebuild.result)
        self._retrying.failed()  # Until it has not.
        try:
            result = running.run(self._step)
        finally:
            with self._waking:
                self._running = None
        self._retrying.succeeded()
        self._follow()
        with self._waking:
            self._forget = tuple(path for path in self._forget if path not in forget)
            if result["index"] == self.index_name:
                self._problem = ""
                self._refused = tuple(Refused(one["path"], one["reason"]) for one in result["refused"])
        self._end("done", f"{result['documents']:,} documents, {result['passages']:,} passages", result)

    def _opened(self, version: str) -> "Assistant":
        """An assistant over a stored version, with the models of the current one. Raises ``DamagedError``."""
        before = self.current
        index = open_version(self._settings, version, like=before.index)
        try:
            return assembled(self._settings, index, before.model, before)
        except BaseException:
            index.close()
            raise

    def _serve(self, following: "Assistant") -> None:
        self.switch(following)
        name, held = following.index.name, history.held(self._folder)
        refused = tuple(Refused(path, why) for path, why in history.left_out(self._folder, name))
        with self._waking:
            self._refused = refused
            self._problem = f"The version {held} was gone back to and holds until the next rebuild" if held else ""
        log.info("Answering from the index %s", name)
        self.meanwhile("learning", Assistant.learn)

    def _step(self, line: str) -> None:
        with self._waking:
            if isinstance(line, Step):
                self._rebuild = replace(
                    self._rebuild, line=str(line), done=line.done, total=line.total, seconds=line.seconds
                )
            else:
                self._rebuild = replace(self._rebuild, line=line, seconds=None)

    def _end(self, state: Literal["done", "failed"], line: str, result: dict[str, Any] | None = None) -> None:
        if state == "failed":
            log.warning("The index could not be brought up to date: %s", line)
        with self._waking:
            if self._ending:
                return
            if state == "failed":
                self._problem = f"The index could not be brought up to date: {line}"
            ended = datetime.now(UTC).isoformat(timespec="seconds")
            self._rebuild = replace(
                self._rebuild, state=state, line=line, seconds=None, ended=ended, result=result or self._rebuild.result
            )


def build_kept(settings: Settings, progress: Callable[[str], None]) -> Kept:
    """The assistant of the settings, kept up to date from now on. Raises what ``build`` does."""
    # Taken before the documents are read: what changes meanwhile is noticed at the first look.
    seen = signature(configured_paths(settings))
    first, refused = build_opened(settings, progress=progress)
    return Kept(first, settings, seen, refused)
