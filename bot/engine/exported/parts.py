"""What the parts of a copy have in common, and how a wall time and a choice stand in them."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

LocalTime: TypeAlias = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$")]
"""A wall time, which is no instant before its zone is known: "2026-11-24T18:00"."""


def one_of(values: type[StrEnum]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [value.value for value in values]})


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
