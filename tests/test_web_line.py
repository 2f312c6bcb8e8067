import threading

import pytest

from assistant.web.line import Line
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
