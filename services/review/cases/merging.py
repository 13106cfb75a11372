"""Two reports of one child: one case is kept, the other merged into it; or they are declared distinct. All of it can be
undone. Call these through `acting.perform`."""

from services.review import audit
from services.review.acting import about, allow
from services.review.candidates import closing as candidates
from services.review.cases import acts, claiming, family, merged, pairs, renewal, store
from services.review.cases.links import head
from services.review.cases.models import Case
from services.review.cases.rules import OPEN, may_unmerge, next_state
from services.review.drafts import store as drafts
from services.review.people.rules import Actor
from services.review.photos import of_case
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.messages import CaseStatus, ForgetRequested

_JOINED = {"case.merge": "into", "case.unmerge": "out of"}


@about("case", "case.distinct")
def declare_distinct(
    work: Work, tools: Tools, actor: Actor, case_id: str, other_id: str, reason: str, seen: str | None = None
) -> None:
    """Two cases are of two children, for a `reason`: they are not shown to each other any more. `seen` is the
    `pairs.stamp` of what the officer read, None if that does not matter.

    Raises NotAllowed: "not_permitted", "same_case", "closed", "pair_changed", "already_distinct", "reason_missing".
    """
    case, other = _both(work, actor, "case.check", case_id, other_id)
    pair = pairs.get(work.session, case.id, other.id)
    if pair is not None and pair.apart_by is not None:
        raise NotAllowed("already_distinct", "they are declared distinct")
    pairs.check_unchanged(pair, case, other, seen)
    _both_open(case, other)
    text = acts.needed(reason, "reason")
    pair = pairs.kept(work, case.id, other.id)
    pair.apart_by, pair.apart_at, pair.revision = actor.id, work.now, pair.revision + 1
    _record(work, tools, actor, "case.distinct", case, other, text)


@about("case", "case.undistinct")
def doubt_again(work: Work, tools: Tools, actor: Actor, case_id: str, other_id: str, reason: str) -> None:
    """Undoes `declare_distinct`. Raises NotAllowed: "not_permitted", "same_case", "not_distinct", "reason_missing"."""
    case, other = _both(work, actor, "case.check", case_id, other_id)
    pair = pairs.get(work.session, case.id, other.id)
    if pair is None or pair.apart_by is None:
        raise NotAllowed("not_distinct", "they are not declared distinct")
    text = acts.needed(reason, "reason")
    pair.apart_by, pair.apart_at, pair.revision = None, None, pair.revision + 1
    _record(work, tools, actor, "case.undistinct", case, other, text)


@about("case", "case.merge")
def merge(
    work: Work, tools: Tools, actor: Actor, case_id: str, kept_id: str, reason: str, seen: str | None = None
) -> None:
    """The case becomes part of the kept one: its templates are forgotten, its family sees how the kept case stands.

    Raises NotAllowed: "not_permitted", "same_case", "pair_changed", "kept_ended", "wrong_state", "declared_distinct",
    "alert_live" while an alert of it is live, "claimed_by_other", "reason_missing".
    """
    case, kept = _both(work, actor, "case.merge", case_id, kept_id)
    pair = pairs.get(work.session, case.id, kept.id)
    pairs.check_unchanged(pair, case, kept, seen)
    if pair is not None and pair.apart_by is not None:
        raise NotAllowed("declared_distinct", "they are declared distinct")
    if kept.state not in OPEN:
        raise NotAllowed("kept_ended", f"the case to keep is {kept.state}")
    was, case.state = case.state, next_state(case.state, "merge")  # type: ignore[arg-type]
    if drafts.listed(work.session, ("live",), case.id):
        raise NotAllowed("alert_live", "an alert of the case is live")
    _mine_alone(work, actor, case, kept)
    text = acts.needed(reason, "reason")
    case.merged_into, case.merged_at, case.merged_from = kept.id, work.now, was
    case.changed_at, kept.changed_at, case.review_due_at = work.now, work.now, None
    if was == "registered":
        _look_no_more(work, case)
    if kept.state == "registered":
        renewal.ask(work, kept, renewal.wanted(work.session))
    family.tell_status(work, case, _alert_status(work, tools, kept))
    _record(work, tools, actor, "case.merge", case, kept, text)


def _alert_status(work: Work, tools: Tools, kept: Case) -> CaseStatus | None:
    """What the merged family sees where an alert for its child is out; None: what the kept case's state says."""
    for draft in drafts.listed(work.session, ("live",), kept.id):
        fields = drafts.opened(work.session, tools, draft)
        if draft.identifier and fields is not None and not fields.test:
            return "alert_live"
    return None


def _look_no_more(work: Work, case: Case) -> None:
    """A merged case is not searched for itself any more. Its undecided sightings wait, and are searched again once
    its photos are enrolled for the kept case."""
    candidates.drop_case(work, case)
    work.publish(ForgetRequested(str(case.case_key)))
    for photo in of_case(work.session, case.id):
        photo.outcome = None


@about("case", "case.unmerge")
def unmerge(work: Work, tools: Tools, actor: Actor, case_id: str, reason: str) -> None:
    """Takes a merged case out again, as it was before: in verification, or registered under a new case key.

    It takes the right to each case that it changes.
    Raises NotAllowed: "not_permitted", "wrong_state", "merged_too_long", "reason_missing", and as `acts.register`
    where a registered case cannot be any more.
    """
    kept_id = store.get(work.session, case_id).merged_into
    case, kept = _held(work, case_id, kept_id or case_id)
    for each in (case, kept, head(work.session, kept)):  # the last one may get a new case key
        allow(actor, "case.merge", each.region, each.id)
    if case.merged_into != kept_id:
        raise NotAllowed("wrong_state", "it was merged into another case meanwhile")
    after, was = next_state(case.state, "unmerge"), case.merged_from  # type: ignore[arg-type]
    may_unmerge(case.merged_at or work.now, work.now, kept_ended=head(work.session, kept).state not in OPEN)
    text = acts.needed(reason, "reason")
    merged.detach(work, case)
    case.state, case.changed_at, kept.changed_at = after, work.now, work.now
    if was == "registered":
        case.state = "registered"
        acts.enter(work, tools, actor, case)
    else:
        family.tell_status(work, case)
    _record(work, tools, actor, "case.unmerge", case, kept, text)


def _both(work: Work, actor: Actor, act: str, one: str, other: str) -> tuple[Case, Case]:
    """Both cases, locked, if the actor may do `act` to each. Raises NotAllowed("same_case", "not_permitted")."""
    if one == other:
        raise NotAllowed("same_case", "it is the same case")
    found = _held(work, one, other)
    for case in found:
        allow(actor, act, case.region, case.id)
    return found


def _held(work: Work, one: str, other: str) -> tuple[Case, Case]:
    """Locked in the order of their ids, so that of two officers one waits for the other."""
    found = {id_: store.locked(work.session, id_) for id_ in sorted({one, other})}
    return found[one], found[other]


def _both_open(case: Case, other: Case) -> None:
    if case.state not in OPEN or other.state not in OPEN:
        raise NotAllowed("closed", "one of the two cases has ended")


def _mine_alone(work: Work, actor: Actor, case: Case, kept: Case) -> None:
    """Nobody else works on either; who does goes on with the kept one."""
    for each in (case, kept):
        held = claiming.holder(each, work.now)
        if held is not None and held.officer != actor.id:
            raise NotAllowed("claimed_by_other", f"another officer holds {each.number} until {held.until:%H:%M} UTC")
    claiming.let_go(case)


def _record(work: Work, tools: Tools, actor: Actor, act: str, case: Case, other: Case, text: str) -> None:
    """In the record of both, each under its own key."""
    for each in (case, other):
        said = f"{case.number} {_JOINED.get(act, 'and')} {other.number}\n\n{text}"
        audit.record(work, tools, actor.id, act, Subject("case", each.id), said)
