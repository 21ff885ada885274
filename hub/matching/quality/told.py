"""One described person of a data set, and who it really is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from events.description import Person
from hub.matching.features import Features, contexts, features


@dataclass(frozen=True, slots=True)
class Told:
    """`truth` is the same for descriptions of one person, `litter` for twins alone.

    groups: ethnicity, sex, area and the like, for subgroups; slips: what was changed, in words for people
    """

    person: Person
    truth: str
    groups: Mapping[str, str] = field(default_factory=dict)
    slips: tuple[str, ...] = ()
    litter: str = ""


Submission = tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is known first, and what then arrives, in order. `invented`: its records may be shown."""

    name: str
    register: Sequence[Submission]
    arrivals: Sequence[Submission]
    invented: bool = True


def featured(submission: Submission) -> list[Features]:
    """Everybody's features, with the household they were told of in."""
    people = [told.person for told in submission]
    return [features(person, context) for person, context in zip(people, contexts(people), strict=True)]


def everybody(submissions: Sequence[Submission]) -> Iterator[Told]:
    """All described people, one by one."""
    return (told for submission in submissions for told in submission)
