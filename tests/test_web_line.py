import threading

import pytest

from assistant.web.line import EndingError, Line
from corpus.errors import UserError


def test_first_come_first_served():
    line = Line()
    first, second, third = line.join(), line.join(), line.join()
    assert [ticket.place for ticket in (first, second, third)] == [0, 1, 2]
    assert first.wait(0)
    assert not second.wait(0)
    second.leave()
    assert third.place == 1
    first.leave()
    first.leave()
    assert third.wait(0)


def test_one_too_many_is_turned_away_and_may_come_back():
    line = Line(size=1)
    served, waiting = line.join(), line.join()
    with pytest.raises(UserError, match="busy"):
        line.join()
    served.leave()
    assert line.join().place == 1
    assert waiting.place == 0


def test_who_waits_is_woken_when_the_front_leaves():
    line = Line()
    served, waiting = line.join(), line.join()
    arrived = []
    thread = threading.Thread(target=lambda: arrived.append(waiting.wait(60)))
    thread.start()
    served.leave()
    thread.join(60)
    assert arrived == [True]


def test_those_who_ask_take_turns():
    line = Line()
    served = line.join("ann")
    many = [line.join("ann") for _ in range(3)]
    bob = line.join("bob")
    cleo = [line.join("cleo"), line.join("cleo")]
    order = [many[0], bob, cleo[0], many[1], cleo[1], many[2]]
    assert [ticket.place for ticket in order] == [1, 2, 3, 4, 5, 6]
    assert line.length == 6
    for following in order:
        served.leave()
        assert following.place == 0
        assert following.wait(0)
        served = following
    served.leave()
    assert line.length == 0
    assert line.wait_until_idle(0)


def test_the_places_stand_for_the_order_whoever_leaves():
    line = Line()
    served = line.join("x")
    waiting = [line.join(asker) for asker in "aabacbca"]
    waiting.pop(3).leave()
    waiting.pop(0).leave()
    for _ in range(len(waiting)):
        places = {ticket: ticket.place for ticket in waiting}
        assert sorted(places.values()) == list(range(1, len(waiting) + 1))
        served.leave()
        served = next(ticket for ticket in waiting if ticket.place == 0)
        assert places[served] == 1
        waiting.remove(served)


def test_a_line_that_ends_takes_nobody_and_lets_everybody_in_it_finish():
    line = Line()
    served, waiting = line.join(), line.join()
    line.end()
    with pytest.raises(EndingError, match="restarted"):
        line.join()
    assert not line.wait_until_idle(0)
    served.leave()
    assert waiting.wait(0)
    waiting.leave()
    assert line.wait_until_idle(0)


def test_of_many_that_wait_each_is_woken_in_its_turn():
    line = Line(size=64)
    served = line.join("x")
    order, waiting = [], [line.join(str(number)) for number in range(50)]

    def follow(ticket):
        assert ticket.wait(60)
        order.append(ticket.asker)
        ticket.leave()

    threads = [threading.Thread(target=follow, args=(ticket,)) for ticket in waiting]
    for thread in threads:
        thread.start()
    served.leave()
    for thread in threads:
        thread.join(60)
    assert order == [str(number) for number in range(50)]
    assert line.wait_until_idle(0)


def test_where_several_are_answered_at_once_the_rest_wait_for_the_first_that_ends():
    line = Line(size=2, at_once=2)
    first, second, third, fourth = line.join("a"), line.join("b"), line.join("a"), line.join("c")
    assert [ticket.place for ticket in (first, second, third, fourth)] == [0, 0, 2, 3]
    assert first.wait(0)
    assert second.wait(0)
    assert not third.wait(0)
    with pytest.raises(UserError, match="busy"):
        line.join("d")
    second.leave()
    assert third.wait(0)
    assert fourth.place == 2
    first.leave()
    assert fourth.wait(0)
    third.leave()
    assert not line.wait_until_idle(0)
    fourth.leave()
    assert line.wait_until_idle(0)
