"""How an officer decides on a candidate. Call this through `acting.perform`."""

from services.review import audit
from services.review.acting import about, allow
from services.review.candidates import closing, rules, store
from services.review.candidates.models import Candidate, DecisionRow
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.people.rules import Actor, may
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id

LONGEST_NOTE = 4000


@about("candidate", "candidate.decide")
def decide(work: Work, tools: Tools, actor: Actor, candidate_id: str, outcome: str, note: str = "") -> rules.State:
    """One officer's decision, made without seeing another's; answers the candidate's new state.

    Once all candidates of the search are decided, the matcher is told and erases the probe's vector.
    """
    candidate = store.locked(work.session, candidate_id)
    (case,) = cases.held(work.session, Case.id == candidate.case_id)
    sighting = store.locked_sighting(work.session, candidate.sighting_id)
    state = _decided(work, actor, candidate, case, rules.outcome_of(outcome))
    _save(work, tools, actor, candidate, case, outcome, note[:LONGEST_NOTE])
    candidate.state, candidate.changed_at = state, work.now
    search = store.get_search(work.session, candidate.search_id)
    if search:
        closing.close_if_done(work, search)
    closing.settle(work, sighting)
    text = f"{outcome}, now {state}\n\n{note}"
    audit.record(work, tools, actor.id, "candidate.decide", Subject("candidate", candidate.id), text)
    return state


def _decided(work: Work, actor: Actor, candidate: Candidate, case: Case, outcome: rules.Outcome) -> rules.State:
    settling = candidate.state == "disputed"
    allow(actor, "candidate.decide", case.region)
    if case.state != "registered":
        raise NotAllowed("case_not_registered", f"the case is {case.state}")
    made = [
        rules.Decision(row.officer, row.outcome)  # type: ignore[arg-type]
        for row in store.decisions(work.session, candidate.id)
    ]
    supervisor = settling and may(actor, "candidate.settle", case.region)
    new = rules.Decision(actor.id, outcome)
    return rules.decide(candidate.state, made, new, supervisor=supervisor)  # type: ignore[arg-type]


def _save(work: Work, tools: Tools, actor: Actor, candidate: Candidate, case: Case, outcome: str, note: str) -> None:
    row_id = random_id()
    work.session.add(
        DecisionRow(
            id=row_id, candidate_id=candidate.id, officer=actor.id, outcome=outcome, at=work.now,
            position=len(store.decisions(work.session, candidate.id)),
            note=store.seal_note(tools, case, row_id, note),
        )
    )  # fmt: skip
