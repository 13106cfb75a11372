"""The exercise's whole story holds on a running stack."""

from services.demo.acts import ACTS
from services.demo.play import Played


def test_every_step_of_the_story_holds(exercise: Played) -> None:
    assert exercise.story is not None
    assert exercise.story.tell.steps >= len(ACTS)


def test_no_process_ended_or_logged_a_name(exercise: Played) -> None:
    assert all(child.process and child.process.poll() is None for child in exercise.stack.children)
    logs = list((exercise.settings.home / "logs").glob("*.log"))
    assert len(logs) == 7
    for log in logs:
        text = log.read_text()
        assert "Traceback" not in text, log
        assert "Exempel" not in text, log
