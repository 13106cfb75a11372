"""Reads a grant's signature and text, then asks the rules: used when a message comes and whenever the gallery loads."""

import hashlib
from datetime import datetime

from services.matcher import rules
from shared.errors import SealBroken
from shared.grants import read
from shared.keys import Directory
from shared.messages import RefusalReason


def may_enrol(grant: str, directory: Directory, case_key: str, photo_digest: str) -> bool:
    """Whether the gate signed this, and it admits this photo's template under this case key."""
    try:
        return rules.may_enrol(read(grant, directory), case_key, photo_digest)
    except SealBroken:
        return False


def search_refusal(
    grant: str, directory: Directory, search_id: str, photo_digest: str, now: datetime, *, used: bool
) -> RefusalReason | None:
    """Why this is no grant for this search now; None if it is one."""
    try:
        return rules.search_refusal(read(grant, directory), search_id, photo_digest, now, used=used)
    except SealBroken:
        return "forged"


def digest(grant: str) -> str:
    """What is remembered of a used grant: SHA-256 in hex."""
    return hashlib.sha256(grant.encode()).hexdigest()
