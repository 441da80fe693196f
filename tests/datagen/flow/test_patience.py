"""What hangs is given up early; what only takes long gets the time that it needs."""

from datagen.flow.patience import ENOUGH_ANSWERS, LEAST_SECONDS, TIMES_SLOWEST, Patience


def test_it_waits_twice_as_long_as_for_the_slowest_once_it_knows_enough():
    patience = Patience(300.0)
    for number in range(ENOUGH_ANSWERS):
        assert patience.seconds("a") == 300.0
        patience.answered(20.0 if number == 3 else 1.0)
    assert patience.seconds("a") == TIMES_SLOWEST * 20.0
    patience.answered(50.0)
    assert patience.seconds("a") == TIMES_SLOWEST * 50.0


def test_what_was_given_up_has_twice_the_time_at_each_further_try():
    patience = Patience(100.0)
    for _ in range(ENOUGH_ANSWERS):
        patience.answered(10.0)
    given = []
    for _ in range(4):
        given.append(patience.seconds("a"))
        patience.gave_up("a")
    assert given == [10 * TIMES_SLOWEST, 20 * TIMES_SLOWEST, 40 * TIMES_SLOWEST, 100.0]
    assert patience.seconds("b") == 10 * TIMES_SLOWEST


def test_answers_in_no_time_do_not_make_it_take_a_stall_for_a_hang():
    patience = Patience(60.0)
    for _ in range(ENOUGH_ANSWERS):
        patience.answered(0.01)
    assert patience.seconds("a") == LEAST_SECONDS >= 1
    patience.gave_up("a")
    assert patience.seconds("a") == 2 * LEAST_SECONDS


def test_the_time_limit_holds():
    patience = Patience(4.0)
    for _ in range(ENOUGH_ANSWERS):
        patience.answered(3.0)
    assert patience.seconds("a") == 4.0
