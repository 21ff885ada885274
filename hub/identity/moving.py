"""Decides merges and splits of people and families: one event for each id whose block changes."""

from __future__ import annotations

from uuid import UUID

from events.envelope import Draft, stream
from events.identity import FamilyMerged, FamilySplit, PersonMerged, PersonSplit
from hub.identity.blocks import Blocks, Moves, NotABlock
from hub.identity.commands import MergeFamilies, MergePeople, SplitFamily, SplitPeople
from hub.identity.known import Deciding, Decision, Known, pairs
from hub.identity.refusals import AlreadyOne, NothingKnown, NotTogether
from hub.identity.seen import as_seen


def merge_people(command: MergePeople, known: Known, deciding: Deciding) -> Decision:
    """Two people are one. Raises `NothingKnown`, `AlreadyOne`, `DecidedMeanwhile`."""
    present(known.people, command.one, command.other)
    people = known.people.merge(command.one, command.other)
    if not people:
        raise AlreadyOne
    as_seen(known, command.seen)
    families = one_family(known, command.one, command.other) if command.one_family else {}
    drafts = [
        *people_moved(PersonMerged, people, deciding),
        *families_moved(FamilyMerged, families, known, deciding),
    ]
    return Decision([deciding.append(drafts)], people, families)


def split_people(command: SplitPeople, known: Known, deciding: Deciding) -> Decision:
    """Some of a block are somebody else. Raises `NothingKnown`, `NotTogether`."""
    present(known.people, *command.people)
    people = _split(known.people, command.people)
    staying = known.people.block(command.people[0]) - frozenset(command.people)
    drafts = people_moved(PersonSplit, people, deciding)
    return Decision([deciding.append(drafts)], people, distinct=pairs(command.people, staying))


def merge_families(command: MergeFamilies, known: Known, deciding: Deciding) -> Decision:
    """Two families are one. Raises `NothingKnown`, `AlreadyOne`, `DecidedMeanwhile`."""
    present(known.families, command.one, command.other)
    families = known.families.merge(command.one, command.other)
    if not families:
        raise AlreadyOne
    as_seen(known, command.seen)
    return Decision([deciding.append(families_moved(FamilyMerged, families, known, deciding))], families=families)


def split_family(command: SplitFamily, known: Known, deciding: Deciding) -> Decision:
    """Some of a block are another family. Raises `NothingKnown`, `NotTogether`."""
    present(known.families, *command.families)
    families = _split(known.families, command.families)
    return Decision([deciding.append(families_moved(FamilySplit, families, known, deciding))], families=families)


def one_family(known: Known, one: UUID, other: UUID) -> Moves:
    """The family of `other` joins that of `one`; nothing if they are one."""
    return known.families.merge(known.family_of[one], known.family_of[other])


def present(blocks: Blocks, *wanted: UUID) -> None:
    """Raises `NothingKnown` unless all of them are known."""
    if not all(each in blocks for each in wanted):
        raise NothingKnown


def people_moved(
    kind: type[PersonMerged | PersonSplit], moves: Moves, deciding: Deciding, undoes: UUID | None = None
) -> list[Draft]:
    """The events that say so, each on its person's stream and under that person's key."""
    return [
        deciding.draft(
            stream("person", person_id),
            kind(
                person_id=person_id,
                belongs_to=belongs_to,
                decision_id=deciding.decision_id,
                undoes=undoes,
                details=deciding.details,
            ),
            person_id,
        )
        for person_id, belongs_to in moves.items()
    ]


def families_moved(
    kind: type[FamilyMerged | FamilySplit],
    moves: Moves,
    known: Known,
    deciding: Deciding,
    undoes: UUID | None = None,
) -> list[Draft]:
    """The events that say so, each on its family's stream and under the key of that family's newest matter."""
    return [
        deciding.draft(
            stream("family", family_id),
            kind(
                family_id=family_id,
                belongs_to=belongs_to,
                decision_id=deciding.decision_id,
                undoes=undoes,
                details=deciding.details,
            ),
            known.matter_of[family_id],
        )
        for family_id, belongs_to in moves.items()
    ]


def _split(blocks: Blocks, out: tuple[UUID, ...]) -> Moves:
    try:
        return blocks.split(out)
    except NotABlock:
        raise NotTogether from None
