"""What hangs is given up early; what only takes long gets the time that it needs."""

from datagen.flow.patience import ENOUGH_ANSWERS, TIMES_SLOWEST, Patience


def test_it_waits_twice_as_long_as_for_the_slowest_once_it_knows_enough():
    patience = Patience(300.0)
    for number in range(ENOUGH_ANSWERS):
        assert patience.seconds("a") == 300.0
        patience.answered(2.0 if number == 3 else 1.0)
    assert patience.seconds("a") == TIMES_SLOWEST * 2.0
    patience.answered(5.0)
    assert patience.seconds("a") == TIMES_SLOWEST * 5.0


def test_what_was_given_up_has_twice_the_time_at_each_further_try():
    patience = Patience(10.0)
    for _ in range(ENOUGH_ANSWERS):
        patience.answered(1.0)
    given = []
    for _ in range(4):
        given.append(patience.seconds("a"))
        patience.gave_up("a")
    assert given == [TIMES_SLOWEST, 2 * TIMES_SLOWEST, 4 * TIMES_SLOWEST, 10.0]
    assert patience.seconds("b") == TIMES_SLOWEST


def test_the_time_limit_holds():
    patience = Patience(4.0)
    for _ in range(ENOUGH_ANSWERS):
        patience.answered(3.0)
    assert patience.seconds("a") == 4.0
