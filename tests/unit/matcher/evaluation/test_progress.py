"""How far it is: plain lines where there is no terminal, not one for what is done at once."""

from services.matcher.evaluation.progress import lines


def test_a_line_every_two_seconds_with_the_time_that_is_left() -> None:
    clock = iter([0.0, 1.0, 2.5, 2.5, 3.0, 5.0, 5.0])
    said: list[str] = []
    tell = lines("Photos embedded", said.append, lambda: next(clock))
    for done in (16, 32, 48, 64):
        tell(done, 128)
    assert said == ["Photos embedded: 32 of 128, about 8 s left", "Photos embedded: 64 of 128, about 5 s left"]
