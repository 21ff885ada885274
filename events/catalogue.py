"""Every event ever released, by (name, version). To add one: write the class, list it here, add a golden sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from events import access, agency, doubt, family, identity, person, referral, rights, submission
from events.envelope import Event


class UnknownEvent(Exception):
    """The log holds an event of a name and version this code does not know: halt, never guess."""


class Catalogue(Mapping[tuple[str, int], type[Event]]):
    """(name, version) to class; refuses duplicates."""

    def __init__(self, types: Iterable[type[Event]]) -> None:
        self._types: dict[tuple[str, int], type[Event]] = {}
        self._newest: dict[str, int] = {}
        for event in types:
            key = (event.event_name, event.event_version)
            if key in self._types:
                message = f"{key} is in the catalogue twice"
                raise ValueError(message)
            self._types[key] = event
            self._newest[key[0]] = max(key[1], self._newest.get(key[0], 0))

    def __getitem__(self, key: tuple[str, int]) -> type[Event]:
        """Class of a name and version; raises `UnknownEvent`."""
        try:
            return self._types[key]
        except KeyError:
            raise UnknownEvent(*key) from None

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)

    def newest(self, name: str) -> int:
        """Newest version of a name, 0 if it is not known."""
        return self._newest.get(name, 0)


CATALOGUE = Catalogue(
    (
        agency.AgencyRegistered,
        agency.AgencySuspended,
        submission.SubmissionAccepted,
        submission.ReviewRaised,
        submission.SubmissionRefused,
        person.PersonRecorded,
        family.FamilyOpened,
        family.PersonLinked,
        family.MatterOpened,
        family.MatterRouted,
        referral.ReferralReceived,
        referral.ReferralAmended,
        referral.ReferralWithdrawn,
        referral.ReferralAcknowledged,
        referral.InformationReceived,
        access.PersonalDataRevealed,
        doubt.PersonDoubted,
        doubt.DoubtSettled,
        identity.PersonMerged,
        identity.PersonSplit,
        identity.FamilyMerged,
        identity.FamilySplit,
        identity.SubmissionTakenOut,
        rights.SubjectErased,
        rights.ErasureCompleted,
    )
)
