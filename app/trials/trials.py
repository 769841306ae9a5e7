"""Collections of trials: each worker opens the index behind a token when it is first asked, and keeps a few open."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from app.answering.collection import Collection
from app.trials.folder import Trial, TrialGone, TrialsFolder
from index.errors import UserError
from index.stores.builds.location import BuildsFolder

_OPEN = 4  # collections of a worker
_SWEEP = 60.0  # seconds


class Trials:
    """The trials as one worker answers from them, with the encoder of the `whole` collection."""

    def __init__(self, folder: TrialsFolder, whole: Callable[[], Collection]) -> None:
        self.folder = folder
        self.whole = whole
        self._open = OrderedDict[str, Collection]()
        self._lock = threading.Lock()

    def collection(self, token: str) -> Collection:
        """The collection behind a token. Raises TrialGone, also for files that are not indexed yet."""
        trial = self._found(token)
        with self._lock:
            name = trial.folder.name
            if name not in self._open:
                self._open[name] = self._opened(trial)
                while len(self._open) > _OPEN:
                    self._open.popitem(last=False)
            self._open.move_to_end(name)
            return self._open[name]

    def until(self, token: str) -> float:
        """The time until which a trial is there. Raises TrialGone."""
        return self.folder.find(token).until

    def delete(self, token: str) -> None:
        """Remove a trial. Raises TrialGone."""
        trial = self._found(token)
        self.folder.delete(trial.folder)
        self._forget()

    def sweep_for_ever(self) -> None:
        """Remove trials whose time is over, from disk and memory, once a minute in the background."""

        def sweep() -> None:
            while True:
                self.folder.sweep()
                self._forget()
                time.sleep(_SWEEP)

        threading.Thread(target=sweep, daemon=True).start()

    def _found(self, token: str) -> Trial:
        try:
            return self.folder.find(token)
        except TrialGone:
            self._forget()
            raise

    def _forget(self) -> None:
        """Close the collections of trials that are gone; another worker may have removed them."""
        with self._lock:
            for name in [name for name in self._open if not (self.folder.root / name).exists()]:
                del self._open[name]

    def _opened(self, trial: Trial) -> Collection:
        try:
            return Collection.of(self.whole().searcher.reopened(BuildsFolder(trial.index).open()))
        except UserError as error:
            raise TrialGone from error
