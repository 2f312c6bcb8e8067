"""How many questions may be asked: by one person, from one address, in a minute and in a day."""

import time

from limits import RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

WRONG_KEYS_PER_MINUTE = 10


class Limits:
    """Counts in memory; a figure of 0 sets no limit.

    ``person`` is the name of who has signed in; in their stead stands the browser in the window, the address elsewhere.
    """

    def __init__(self, per_minute: int = 0, per_address: int = 0, per_day: int = 0) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._minute = RateLimitItemPerMinute(per_minute, namespace="person") if per_minute else None
        self._address = RateLimitItemPerMinute(per_address, namespace="address") if per_address else None
        self._day = RateLimitItemPerDay(per_day, namespace="day") if per_day else None
        self._wrong = RateLimitItemPerMinute(WRONG_KEYS_PER_MINUTE, namespace="wrong")

    def ask(self, person: str, address: str) -> tuple[str, int] | None:
        """Counts a question; why it must wait and how many seconds, or None where it need not."""
        tests = (
            (self._minute, person, "questions in a minute; ask again in a moment."),
            (self._address, address, "questions in a minute from one address; ask again in a moment."),
            (self._day, person, "questions in a day; ask again tomorrow."),
        )
        for item, whose, line in tests:
            if item is not None and not self._limiter.test(item, whose):
                seconds = max(1, int(self._limiter.get_window_stats(item, whose).reset_time - time.time()) + 1)
                return f"You have reached the limit of {item.amount} {line}", seconds
        for item, whose, _ in tests:
            if item is not None:
                self._limiter.hit(item, whose)
        return None

    def may_try(self, address: str) -> bool:
        """Whether wrong keys from there have been few enough to check another."""
        return self._limiter.test(self._wrong, address)

    def wrong_key(self, address: str) -> None:
        """Counts a wrong key."""
        self._limiter.hit(self._wrong, address)
