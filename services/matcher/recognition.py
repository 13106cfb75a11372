"""The packs that this worker has open, each with its gallery and matching; the room's rows say which are in use."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from services.matcher import changeover
from services.matcher.gallery import Gallery
from services.matcher.learned import Chosen
from services.matcher.packs import FacePack, open_pack
from shared.config import Settings
from shared.errors import ConfigError, HomewardError
from shared.messages import PackId

log = logging.getLogger("homeward.packs")

CANNOT_BE_OPENED = (HomewardError, OSError, ValueError, RuntimeError, ImportError)


@dataclass(frozen=True)
class Recognition:
    """All it takes to enrol and search with one pack."""

    pack: FacePack
    gallery: Gallery
    chosen: Chosen


@dataclass(frozen=True)
class InUse:
    """Searches use `serving`; enrolments are done with both, and answered as the `wanted` one has it, in its round."""

    serving: Recognition
    coming: Recognition | None
    round_id: str

    @property
    def all(self) -> tuple[Recognition, ...]:
        return (self.serving, self.coming) if self.coming else (self.serving,)

    @property
    def wanted(self) -> Recognition:
        return self.all[-1]


class Recognitions:
    """Opens each pack once, when it is first needed; one that cannot be opened here is told of once.

    `mine` is that of the pack that this worker is set to.
    """

    def __init__(self, settings: Settings, own: FacePack, gallery_for: Callable[[FacePack], Gallery]) -> None:
        self.settings = settings
        self.gallery_for = gallery_for
        self.lock = threading.Lock()
        self.mine = self._made(own)
        self.told: set[str] = set()
        self.known: dict[PackId, Recognition | None] = {own.id: self.mine}

    def now(self, session: Session, *, held: bool = False) -> InUse:
        """What is in use, as all workers see it; before any has declared its pack, the own. `held`: it stays so until
        the transaction ends. Raises ConfigError where none of it can be opened here."""
        roles = changeover.roles(session, held=held)
        wanted = dict(zip(roles.all, roles.rounds, strict=True)) if roles else {self.mine.pack.id: ""}
        with self.lock:
            opened = [(self._opened(pack), round_id) for pack, round_id in wanted.items()]
            self.known = {pack: each for pack, each in self.known.items() if pack in (*wanted, self.mine.pack.id)}
        found = [(each, round_id) for each, round_id in opened if each is not None]
        if not found:
            names = " and ".join(pack.name for pack in wanted)
            raise ConfigError(f"The matcher searches with {names}, which cannot be opened here; install it, or run "
                              "`homeward models verify`.")  # fmt: skip
        (serving, _), (last, round_id) = found[0], found[-1]
        return InUse(serving, last if last is not serving else None, round_id)

    def tell_once(self, text: str) -> None:
        """Logs what an operator must do something about."""
        if text not in self.told:
            log.error(text)
        self.told.add(text)

    def _opened(self, wanted: PackId) -> Recognition | None:
        if wanted not in self.known:
            self.known[wanted] = self._open(wanted)
        return self.known[wanted]

    def _open(self, wanted: PackId) -> Recognition | None:
        try:
            pack = open_pack(replace(self.settings, model_pack=wanted.name))
        except CANNOT_BE_OPENED as error:
            log.warning("the pack %s cannot be opened here, so its templates are not searched: %s", wanted, error)
            return None
        if pack.id != wanted:
            log.warning("the pack %s is here as version %s, so its templates are not searched", wanted, pack.version)
            return None
        return self._made(pack)

    def _made(self, pack: FacePack) -> Recognition:
        return Recognition(pack, self.gallery_for(pack), Chosen(pack))
