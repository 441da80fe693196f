"""What hangs is given up early, but nothing is given up early twice."""

from datagen.flow.patience import ENOUGH_ANSWERS, TIMES_SLOWEST, Patience


def test_it_waits_three_times_as_long_as_for_the_slowest_once_it_knows_enough():
    patience = Patience(300.0)
    for number in range(ENOUGH_ANSWERS):
        assert patience.seconds("a") == 300.0
        patience.answered(2.0 if number == 3 else 1.0)
    assert patience.seconds("a") == TIMES_SLOWEST * 2.0
    patience.answered(5.0)
    assert patience.seconds("a") == TIMES_SLOWEST * 5.0


def test_what_was_given_up_once_has_all_the_time_there_is():
    patience = Patience(300.0)
    for _ in range(ENOUGH_ANSWERS):
        patience.answered(1.0)
    patience.gave_up("a")
    assert (patience.seconds("a"), patience.seconds("b")) == (300.0, TIMES_SLOWEST)


def test_the_time_limit_holds():
    patience = Patience(4.0)
    for _ in range(ENOUGH_ANSWERS):
        patience.answered(3.0)
    assert patience.seconds("a") == 4.0
