"""Who is on call: a supervisor's list for the regions they answer for. Call these through `acting.perform`."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review import audit
from services.review.acting import about, allow
from services.review.oncall import rules
from services.review.oncall.models import Call, OnCall
from services.review.people.rules import Actor, may
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id

RIGHT = "oncall.keep"
"""A supervisor's right: who answers for a region's cases says whom its pages reach."""


def listed(session: Session, actor: Actor) -> Sequence[OnCall]:
    """Those on call for the actor's regions, by region and name."""
    everybody = session.scalars(select(OnCall).order_by(OnCall.region, OnCall.name)).all()
    return [row for row in everybody if may(actor, RIGHT, row.region)]


@about("on_call", "oncall.add")
def add(work: Work, tools: Tools, actor: Actor, _new: str, name: str, address: str, region: str) -> str:
    """Raises NotAllowed: "not_permitted", "unknown_region", "name_missing", "name_too_long", "bad_address"."""
    name, region = name.strip(), region.strip().upper()
    if not tools.regions.known(region):
        raise NotAllowed("unknown_region", region[:12])
    allow(actor, RIGHT, region)
    if not name:
        raise NotAllowed("name_missing", "who is it?")
    if len(name) > rules.LONGEST_NAME:
        raise NotAllowed("name_too_long", f"at most {rules.LONGEST_NAME} characters")
    row = OnCall(
        id=random_id(), name=name, address=rules.checked_address(address), region=region, added_by=actor.id,
        added_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    audit.record(work, tools, actor.id, "oncall.add", Subject("on_call", row.id), f"{name}, {row.address}, {region}")
    return row.id


@about("on_call", "oncall.remove")
def remove(work: Work, tools: Tools, actor: Actor, on_call_id: str) -> None:
    """Raises NotAllowed("not_found", "not_permitted")."""
    row = work.session.get(OnCall, on_call_id)
    if row is None:
        raise NotAllowed("not_found", f"nobody on call has the id {on_call_id}")
    allow(actor, RIGHT, row.region)
    work.session.execute(delete(Call).where(Call.on_call_id == row.id))
    work.session.delete(row)
    audit.record(work, tools, actor.id, "oncall.remove", Subject("on_call", row.id), row.name)
