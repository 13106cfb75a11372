"""Second factors: time codes (TOTP, RFC 6238), passkeys (passkeys.py), and recovery codes for who lost both."""

from collections.abc import Sequence
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.review.people import codes
from services.review.people.models import Factor, RecoveryCode
from services.review.tools import Tools
from shared.errors import NotAllowed
from shared.keys import random_id

STEP_S = 30
RECOVERY_CODES = 10
_ISSUER = "Homeward"


def of_officer(session: Session, officer_id: str) -> Sequence[Factor]:
    """Everything an officer can show, oldest first."""
    return session.scalars(select(Factor).where(Factor.officer_id == officer_id).order_by(Factor.added_at)).all()


def has_any(session: Session, officer_id: str) -> bool:
    return session.scalar(select(Factor.id).where(Factor.officer_id == officer_id).limit(1)) is not None


def new_secret() -> str:
    """A TOTP secret, base32: 160 random bits."""
    return str(pyotp.random_base32())


def address_of(secret: str, name: str) -> str:
    """The otpauth:// address that an authenticator app reads from a QR code."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER))


def step_of(secret: str, code: str, now: datetime, after: int = 0) -> int | None:
    """The time step that `code` is of, later than `after`; None if it is none of this half minute or those beside."""
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    for step in (current, current - 1, current + 1):
        if step > after and totp.verify(code, for_time=step * STEP_S):
            return step
    return None


def add_totp(session: Session, tools: Tools, officer_id: str, name: str, secret: str, step: int, now: datetime) -> str:
    """Keeps a time code's secret, sealed to the room; `step` is that of the code which proved it. Answers its id."""
    sealed = tools.room.keys.seal_for(tools.room.keys.room, secret.encode())
    return _add(session, Factor(officer_id=officer_id, kind="totp", name=name, secret=sealed, counter=step), now)


def add_passkey(
    session: Session, officer_id: str, name: str, credential: str, key: bytes, counter: int, now: datetime
) -> str:
    """Keeps a passkey's public key; answers its id. Raises NotAllowed("passkey_known")."""
    if session.scalar(select(Factor.id).where(Factor.credential == credential)):
        raise NotAllowed("passkey_known", "this passkey is in use already")
    made = Factor(officer_id=officer_id, kind="passkey", name=name, secret=key, credential=credential, counter=counter)
    return _add(session, made, now)


def _add(session: Session, factor: Factor, now: datetime) -> str:
    factor.id, factor.added_at, factor.used_at = random_id(), now, now
    session.add(factor)
    session.flush()
    return str(factor.id)


def use_code(session: Session, tools: Tools, officer_id: str, code: str, now: datetime) -> str | None:
    """What `code` is: "totp" or "recovery", each good once; None if it is neither. The caller records it."""
    plain = "".join(code.split())
    if plain.isdigit() and len(plain) == 6 and plain.isascii():
        return "totp" if _use_totp(session, tools, officer_id, plain, now) else None
    return "recovery" if _use_recovery(session, officer_id, code) else None


def _use_totp(session: Session, tools: Tools, officer_id: str, code: str, now: datetime) -> bool:
    query = select(Factor).where(Factor.officer_id == officer_id, Factor.kind == "totp").with_for_update()
    for factor in session.scalars(query.execution_options(populate_existing=True)):
        secret = tools.room.keys.unseal(factor.secret).decode()
        step = step_of(secret, code, now, after=factor.counter)
        if step is not None:
            factor.counter, factor.used_at = step, now
            return True
    return False


def _use_recovery(session: Session, officer_id: str, code: str) -> bool:
    row = session.get(RecoveryCode, codes.hash_of(code), with_for_update=True)
    if row is None or row.officer_id != officer_id:
        return False
    session.delete(row)
    session.flush()
    return True


def new_recovery_codes(session: Session, officer_id: str, now: datetime) -> list[str]:
    """Ten new codes; those from before are good no longer."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.officer_id == officer_id))
    made = [codes.new_code(3) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=codes.hash_of(code), officer_id=officer_id, made_at=now) for code in made)
    return made


def recovery_left(session: Session, officer_id: str) -> int:
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.officer_id == officer_id)
    return session.scalar(query) or 0


def remove(session: Session, officer_id: str, factor_id: str) -> Factor:
    """Takes one factor away, never the last. Raises NotAllowed("not_found", "last_factor")."""
    own = of_officer(session, officer_id)
    factor = next((item for item in own if item.id == factor_id), None)
    if factor is None:
        raise NotAllowed("not_found", f"no factor {factor_id}")
    if len(own) == 1:
        raise NotAllowed("last_factor", "add another before this one is removed")
    session.delete(factor)
    return factor


def forget_all(session: Session, officer_id: str) -> None:
    """Every factor and recovery code of an officer who comes in anew."""
    session.execute(delete(Factor).where(Factor.officer_id == officer_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.officer_id == officer_id))
