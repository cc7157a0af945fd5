"""What time it is."""

from datetime import UTC, datetime, timedelta


class Clock:
    """What time it is for the house. Only the playground moves it, and only forwards."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead
