"""Puts a panel pack together: each family that waits for a MASG panel, with names, requests, contacts and sources.

A family that was merged is one family: all it asks of this panel, and all that was told of it, under whatever ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from events.database import Connection
from events.description import Address
from events.referral import InformationDetails, ReferralDetails
from projections.agencies import AGENCIES
from projections.circle import Circle, gather
from projections.household import Member, members_of
from projections.identity import IDENTITY
from projections.panel_pack import PANEL_PACK, Told
from projections.places import title
from projections.reading import sql


@dataclass(frozen=True, slots=True)
class Request:
    """One referral that stands, in its newest version. `details` is None once erased.

    `received_at` is when the hub learnt of the first version, `changed_at` of the newest one if there were several.
    """

    referral_id: UUID
    agency: str
    agency_title: str
    basis: tuple[str, ...]
    purpose: str
    occurred_at: datetime
    received_at: datetime
    changed_at: datetime | None
    subject_id: UUID | None
    details: ReferralDetails | None
    erased_since: datetime | None


@dataclass(frozen=True, slots=True)
class Contact:
    """One thing told before or beside the requests. `details` is None once erased."""

    event_id: UUID
    agency: str
    agency_title: str
    basis: tuple[str, ...]
    purpose: str
    occurred_at: datetime
    recorded_at: datetime
    subject_id: UUID | None
    details: InformationDetails | None
    erased_since: datetime | None


@dataclass(frozen=True, slots=True)
class Source:
    """An agency that this family's pages rest on: how often it told something, first and last."""

    agency: str
    agency_title: str
    tellings: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Family:
    """One waiting family, called by its representative.

    `reason` is left out where a member is hidden, for it tells where they live; `hidden_homes` are addresses to be
    found and left out in what others wrote of such a family. `content_hash`: SHA-256, in hex, over the positions and
    ids of the events it rests on.
    """

    family_id: UUID
    matter_ids: tuple[UUID, ...]
    reason: str | None
    members: tuple[Member, ...]
    requests: tuple[Request, ...]
    withdrawn: int
    contacts: tuple[Contact, ...]
    sources: tuple[Source, ...]
    content_hash: str
    hidden_homes: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A locality's pack: families in the order they began to wait. `position`: the last event it rests on, 0 if none.

    The hash covers what was told, not the names joined to it: correcting a name makes no other pack.
    """

    locality: str
    title: str
    families: tuple[Family, ...]
    position: int
    content_hash: str


_ROUTES = sql("SELECT * FROM {panel_pack}.route WHERE locality = $1", PANEL_PACK)
_TOLD = sql(
    """SELECT told.*, coalesce(agency.title, told.agency) AS title
       FROM {panel_pack}.told LEFT JOIN {agencies}.agency ON agency.code = told.agency
       WHERE family_id = ANY($1::uuid[])
         AND NOT EXISTS (SELECT FROM {identity}.taken_out AS gone
                         WHERE gone.submission_id = told.submission_id AND gone.family_id = told.family_id)
       ORDER BY position""",
    PANEL_PACK,
    AGENCIES,
    IDENTITY,
)


async def pack(connection: Connection, locality: str) -> Pack:
    """The pack of a MASG locality (`places.LOCALITIES`) as it stands now."""
    routes: dict[UUID, list[Record]] = {}
    rows = await connection.fetch(_ROUTES, locality)
    circle = await gather(connection, {route["family_id"] for route in rows})
    for route in rows:
        routes.setdefault(circle.families[route["family_id"]].representative, []).append(route)
    blocks = {block.representative: block for block in circle.families.values()}
    owner = {atom: block.representative for block in blocks.values() for atom in block.atoms}
    told: dict[UUID, list[Record]] = {family_id: [] for family_id in routes}
    for row in await connection.fetch(_TOLD, list(owner)):
        told[owner[row["family_id"]]].append(row)
    found = [_family(circle, family_id, of_family, told[family_id]) for family_id, of_family in routes.items()]
    families = sorted(  # who arrived in the same instant stands in the log's order
        (family for family in found if family.requests),
        key=lambda f: (f.requests[0].received_at, told[f.family_id][0]["position"]),
    )
    used = {family.family_id for family in families}
    grounds = [row for family_id in used for row in (*routes[family_id], *told[family_id])]
    last: int = max((row["position"] for row in grounds), default=0)
    return Pack(locality, title(locality), tuple(families), last, _content_hash(grounds))


def _family(circle: Circle, family_id: UUID, routes: list[Record], told: list[Record]) -> Family:
    matters = {route["matter_id"] for route in routes}
    called = {atom: person_id for person_id, atoms in circle.atoms.items() for atom in atoms}
    referrals: dict[UUID, list[Record]] = {}
    withdrawn: set[UUID] = set()
    for row in told:
        if row["matter_id"] not in matters:
            continue
        if row["kind"] == Told.WITHDRAWAL:
            withdrawn.add(row["referral_id"])
        elif row["kind"] == Told.REFERRAL or row["referral_id"] in referrals:
            referrals.setdefault(row["referral_id"], []).append(row)
    reasons = dict.fromkeys(route["reason"] for route in routes if route["reason"])
    guarded = family_id in circle.guarded_families
    return Family(
        family_id=family_id,
        matter_ids=tuple(sorted(matters, key=lambda matter_id: matter_id.bytes)),
        reason=None if guarded or not reasons else "; ".join(reasons),
        members=tuple(members_of(circle, family_id)),
        requests=tuple(_request(rows, called) for key, rows in referrals.items() if key not in withdrawn),
        withdrawn=len(withdrawn & referrals.keys()),
        contacts=tuple(_contact(row, called) for row in reversed(told) if row["kind"] == Told.INFORMATION),
        sources=_sources(told),
        content_hash=_content_hash([*routes, *told]),
        hidden_homes=circle.places_of(family_id) if guarded else (),
    )


def _request(versions: list[Record], called: Mapping[UUID, UUID]) -> Request:
    first, newest = versions[0], versions[-1]
    return Request(
        referral_id=first["referral_id"],
        agency=newest["agency"],
        agency_title=newest["title"],
        basis=tuple(newest["basis"].split()),
        purpose=newest["purpose"],
        occurred_at=newest["occurred_at"],
        received_at=first["recorded_at"],
        changed_at=newest["recorded_at"] if len(versions) > 1 else None,
        subject_id=called.get(first["subject_id"]),
        details=None if newest["details"] is None else ReferralDetails.model_validate_json(newest["details"]),
        erased_since=newest["erased_since"],
    )


def _contact(row: Record, called: Mapping[UUID, UUID]) -> Contact:
    return Contact(
        event_id=row["event_id"],
        agency=row["agency"],
        agency_title=row["title"],
        basis=tuple(row["basis"].split()),
        purpose=row["purpose"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        subject_id=called.get(row["subject_id"]),
        details=None if row["details"] is None else InformationDetails.model_validate_json(row["details"]),
        erased_since=row["erased_since"],
    )


def _sources(told: list[Record]) -> tuple[Source, ...]:
    by_agency: dict[str, list[Record]] = {}
    for row in told:
        by_agency.setdefault(row["agency"], []).append(row)
    found = [
        Source(
            agency,
            rows[0]["title"],
            len(rows),
            min(row["recorded_at"] for row in rows),
            max(row["recorded_at"] for row in rows),
        )
        for agency, rows in by_agency.items()
    ]
    return tuple(sorted(found, key=lambda source: source.agency_title))


def _content_hash(rows: Iterable[Record]) -> str:
    places = sorted((row["position"], str(row["event_id"])) for row in rows)
    return hashlib.sha256("".join(f"{position} {event_id}\n" for position, event_id in places).encode()).hexdigest()
