"""How an officer judges a candidate's faces and decides on it. Call these through `acting.perform`."""

from dataclasses import dataclass

from services.review import audit
from services.review.acting import about, allow
from services.review.candidates import closing, opinions, rules, store
from services.review.candidates.checklist import Features
from services.review.candidates.models import Candidate, DecisionRow, Judgement
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.people.rules import Actor, may
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id

LONGEST_NOTE = 4000


@dataclass(frozen=True)
class Opinion:
    """What an officer says of a candidate. `reason` is one of `rules.REASONS` or empty; `features` None: as judged
    before; `revision` is how many decisions there were when it was read, None if that does not matter."""

    outcome: str
    note: str = ""
    reason: str = ""
    features: Features | None = None
    revision: int | None = None


@about("candidate", "candidate.judge")
def judge(work: Work, tools: Tools, actor: Actor, candidate_id: str, opinion: Opinion) -> None:
    """An officer's first judgement of the faces alone; afterwards they are shown the matcher's word, and decide."""
    candidate, case = _held(work, actor, candidate_id)
    outcome = rules.outcome_of(opinion.outcome)
    made = opinions.decisions(work.session, candidate.id)
    rules.check_unchanged(len(made), opinion.revision)
    rules.may_judge(
        candidate.state,  # type: ignore[arg-type]
        judged=opinions.judgement_of(work.session, candidate.id, actor.id) is not None,
        decided=any(row.officer == actor.id for row in made),
        may_settle=may(actor, "candidate.settle", case.region, case.id),
    )
    _save_judgement(work, tools, actor, candidate, case, outcome, opinion.features or Features())
    audit.record(work, tools, actor.id, "candidate.judge", Subject("candidate", candidate.id), outcome)


@about("candidate", "candidate.decide")
def decide(work: Work, tools: Tools, actor: Actor, candidate_id: str, opinion: Opinion) -> rules.State:
    """One officer's decision, made without seeing another's; answers the candidate's new state.

    Who decides without a first judgement has judged by deciding. Once all candidates of the search are decided, the
    matcher is told and erases the probe's vector.
    """
    candidate, case = _held(work, actor, candidate_id)
    sighting = store.locked_sighting(work.session, candidate.sighting_id)
    outcome = rules.outcome_of(opinion.outcome)
    settling = candidate.state == "disputed"
    state = _decided(work, actor, candidate, case, outcome, opinion.revision)
    reason = rules.reason_of(outcome, opinion.reason, opinion.note, settling=settling)
    _save(work, tools, actor, candidate, case, opinion, outcome, reason)
    candidate.state, candidate.changed_at = state, work.now
    search = store.get_search(work.session, candidate.search_id)
    if search:
        closing.close_if_done(work, search)
    closing.settle(work, sighting)
    why = f" because {reason}" if reason else ""
    text = f"{outcome}, now {state}{why}\n\n{opinion.note[:LONGEST_NOTE]}"
    audit.record(work, tools, actor.id, "candidate.decide", Subject("candidate", candidate.id), text)
    return state


def _held(work: Work, actor: Actor, candidate_id: str) -> tuple[Candidate, Case]:
    """The candidate, which nobody else decides on meanwhile, and its case, which does not end meanwhile."""
    candidate = store.locked(work.session, candidate_id)
    (case,) = cases.held(work.session, Case.id == candidate.case_id)
    allow(actor, "candidate.decide", case.region, case.id)
    if case.state != "registered":
        raise NotAllowed("case_not_registered", f"the case is {case.state}")
    return candidate, case


def _decided(
    work: Work, actor: Actor, candidate: Candidate, case: Case, outcome: rules.Outcome, read: int | None
) -> rules.State:
    made = [
        rules.Decision(row.officer, row.outcome)  # type: ignore[arg-type]
        for row in opinions.decisions(work.session, candidate.id)
    ]
    if not any(decision.officer == actor.id for decision in made):
        rules.check_unchanged(len(made), read)
    supervisor = candidate.state == "disputed" and may(actor, "candidate.settle", case.region, case.id)
    new = rules.Decision(actor.id, outcome)
    return rules.decide(candidate.state, made, new, supervisor=supervisor)  # type: ignore[arg-type]


def _save(
    work: Work, tools: Tools, actor: Actor, candidate: Candidate, case: Case, opinion: Opinion,
    outcome: rules.Outcome, reason: rules.Reason | None,
) -> None:  # fmt: skip
    judged = opinions.judgement_of(work.session, candidate.id, actor.id)
    features = opinion.features or (opinions.features_of(work.session, tools, judged) if judged else Features())
    if judged is None:
        _save_judgement(work, tools, actor, candidate, case, outcome, features)
    row_id = random_id()
    work.session.add(
        DecisionRow(
            id=row_id, candidate_id=candidate.id, officer=actor.id, outcome=outcome, reason=reason, at=work.now,
            position=len(opinions.decisions(work.session, candidate.id)),
            note=opinions.seal_note(tools, case, row_id, opinion.note[:LONGEST_NOTE].strip()),
            features=opinions.seal_features(tools, case, row_id, features),
        )
    )  # fmt: skip


def _save_judgement(
    work: Work, tools: Tools, actor: Actor, candidate: Candidate, case: Case, outcome: rules.Outcome, features: Features
) -> None:
    row_id = random_id()
    work.session.add(
        Judgement(
            id=row_id, candidate_id=candidate.id, officer=actor.id, outcome=outcome, at=work.now,
            features=opinions.seal_features(tools, case, row_id, features),
        )
    )  # fmt: skip
