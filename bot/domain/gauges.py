"""A figure of how things are at this moment. It says nothing of anybody."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Gauge:
    """``words`` say what is measured; ages are in seconds."""

    name: str
    words: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)
