"""Some families, everybody in them, and everybody whom it depends on what may be shown of them.

One person may live in two families, be named in a third, or be somebody of whom the hub is unsure whether they are one
with another. What was told of any of them decides who is protected, so all of it is read before anything is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import orjson

from events.database import Connection
from events.description import Address
from events.envelope import stream
from projections.belonging import Block, blocks_of_families, blocks_of_people
from projections.links import Link, in_doubt, links_of_families, links_of_people, named_in
from projections.parking import waiting_among
from projections.people import PEOPLE
from projections.portrait import Portrait, is_protected, portrait
from projections.tellings import Telling, tellings


@dataclass(frozen=True)
class Circle:
    """What `gather` found. Families and people are called by their representatives, but for the ids in `links`.

    `families` are those asked for, by the id asked with. `around` are people who are named in a family without
    belonging to it, or may be one with somebody who does. `unsure` are people of whom something told waits because it
    could not be applied (`parking`): it may say that they are protected.
    """

    families: Mapping[UUID, Block]
    links: Mapping[UUID, Mapping[UUID, list[Link]]]
    around: Mapping[UUID, set[UUID]]
    told: Mapping[UUID, list[Telling]]
    atoms: Mapping[UUID, tuple[UUID, ...]]
    unsure: set[UUID]

    @cached_property
    def portraits(self) -> dict[UUID, Portrait]:
        """Everybody as all that was told makes them."""
        return {person_id: portrait(told) for person_id, told in self.told.items()}

    def places_of(self, family_id: UUID) -> tuple[Address, ...]:
        """Every address that was ever told of anybody in or around this family, by its representative."""
        people = {*self.links.get(family_id, ()), *self.around.get(family_id, ())}
        described = (telling.described for person_id in people for telling in self.told.get(person_id, ()))
        found = [each["address"] for each in described if each and each.get("address")]
        return tuple(dict.fromkeys(Address.model_validate_json(orjson.dumps(each)) for each in found))

    @cached_property
    def guarded_families(self) -> set[UUID]:
        """Families of which no address and no contact is shown, whoever told it.

        The child's address, told by a school that knows of no danger, would give away the mother's. So if one person is
        protected, everybody in the family is, and whoever of them lives in a second family takes it there.
        """
        own = self.unsure | {person_id for person_id, told in self.told.items() if is_protected(told)}
        homes = {family_id for family_id, members in self.links.items() if own & members.keys()}
        guarded = own | {person_id for family_id in homes for person_id in self.links[family_id]}
        return {
            family_id
            for family_id in self.links.keys() | self.around.keys()
            if guarded & (self.links.get(family_id, {}).keys() | self.around.get(family_id, set()))
        }


async def gather(connection: Connection, family_ids: Collection[UUID]) -> Circle:
    """The circle of these families; one that nobody knows has nobody in it."""
    families = await blocks_of_families(connection, family_ids)
    own = {atom for block in families.values() for atom in block.atoms}
    inside = [(link.family_id, link.person_id) for link in await links_of_families(connection, own)]
    inside += await named_in(connection, own)
    people = await blocks_of_people(connection, {person_id for _, person_id in inside})
    doubts = await in_doubt(connection, {atom for block in people.values() for atom in block.atoms})
    people |= await blocks_of_people(connection, {other for others in doubts.values() for other in others})
    links = await _links_around(connection, own, people.values())
    people |= await blocks_of_people(connection, {link.person_id for link in links} - people.keys())
    blocks = families | await blocks_of_families(connection, {link.family_id for link in links})
    blocks |= {atom: block for block in families.values() for atom in block.atoms}
    return Circle(
        families,
        _members(links, blocks, people),
        _around(inside, doubts, blocks, people),
        await _told(connection, people.values()),
        {block.representative: block.atoms for block in people.values()},
        await _unsure(connection, people.values()),
    )


async def _links_around(connection: Connection, own: Collection[UUID], people: Iterable[Block]) -> list[Link]:
    """Who belongs to these families, and to the other families that these people belong to."""
    shared = await links_of_people(connection, {atom for block in people for atom in block.atoms})
    others = await blocks_of_families(connection, {link.family_id for link in shared} - set(own))
    return await links_of_families(connection, {*own, *(atom for block in others.values() for atom in block.atoms)})


def _members(
    links: Iterable[Link], families: Mapping[UUID, Block], people: Mapping[UUID, Block]
) -> dict[UUID, dict[UUID, list[Link]]]:
    found: dict[UUID, dict[UUID, list[Link]]] = {}
    for link in sorted(links, key=lambda link: (link.since, link.person_id.bytes)):
        members = found.setdefault(families[link.family_id].representative, {})
        members.setdefault(people[link.person_id].representative, []).append(link)
    return found


def _around(
    inside: Iterable[tuple[UUID, UUID]],
    doubts: Mapping[UUID, set[UUID]],
    families: Mapping[UUID, Block],
    people: Mapping[UUID, Block],
) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for family_id, person_id in inside:
        around = found.setdefault(families[family_id].representative, set())
        around.add(people[person_id].representative)
        for atom in people[person_id].atoms:
            around.update(people[other].representative for other in doubts.get(atom, ()))
    return found


async def _unsure(connection: Connection, people: Iterable[Block]) -> set[UUID]:
    called = {stream("person", atom): block.representative for block in people for atom in block.atoms}
    return {called[found] for found in await waiting_among(connection, PEOPLE.schema, called)}


async def _told(connection: Connection, people: Iterable[Block]) -> dict[UUID, list[Telling]]:
    blocks = {block.representative: block for block in people}
    told = await tellings(connection, [atom for block in blocks.values() for atom in block.atoms])
    return {
        representative: [telling for atom in block.atoms for telling in told[atom]]
        for representative, block in blocks.items()
    }
