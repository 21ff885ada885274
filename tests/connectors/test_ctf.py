from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BufferedReader, RawIOBase
from itertools import chain, repeat

import psutil
import pytest
from typing_extensions import Buffer

from events.basis import Purpose
from events.description import Answer, IdentifierScheme, Sex
from hub.connectors import ctf
from hub.submission import InformationKind
from tests.connectors.reading import SAMPLES, facts, file_refused, items, receipt, refusal, review, sample

HEADER = b"<Header><DateTime>2026-02-03T09:30:00</DateTime><SourceSchool><URN>100000</URN></SourceSchool></Header>"
ATTENDANCE = "2025: sessions 190 possible, 160 attended, 11 authorised absence, 19 unauthorised absence"
ROBIN = b"<Surname>Invented</Surname><Forename>Robin</Forename><DOB>2016-04-09</DOB>"


def a_file(*pupils: bytes, root: bytes = b"CTfile", header: bytes = HEADER) -> bytes:
    told = b"".join(b"<Pupil>%s</Pupil>" % pupil for pupil in pupils)
    return b"<%s>%s<CTFpupilData>%s</CTFpupilData></%s>" % (root, header, told, root)


def test_the_sample_tells_a_pupil_and_never_asks_for_help() -> None:
    (item,) = sample("ctf", "SYNTHETIC_full_structure.xml")
    told = receipt(item)
    assert (told.information, told.purpose, told.lawful_basis) == (
        InformationKind.STATE,
        Purpose.SCHOOL_ROLL,
        ctf.AGREED_BASIS,
    )
    assert told.occurred_at == datetime(2026, 2, 3, 9, 30, tzinfo=UTC)
    assert told.source.organisation == "Invented Primary, URN 100000, DfE 201/3614"
    assert told.source.message_id is None
    pupil = told.subject
    assert (pupil.name.family, pupil.name.given, pupil.name.preferred_given) == ("Invented", "Robin", "Rob")
    assert pupil.birth is not None
    assert (pupil.birth.date, pupil.sex, pupil.year_group, pupil.school) == ("2016-04-09", Sex.MALE, "4", "100000")
    assert [(known.scheme, known.value, known.valid) for known in pupil.identifiers] == [
        (IdentifierScheme.UPN, "B801200005001", True),
        (IdentifierScheme.FORMER_UPN, "A802200106001", True),
    ]
    assert pupil.address is not None
    assert (pupil.address.lines, pupil.address.town, pupil.address.postcode) == (
        ("12", "Invented Road"),
        "Inventown",
        "ZZ99 3WZ",
    )
    assert [point.value for point in pupil.contacts] == ["01632 960001", "household@example.org"]


def test_the_sample_s_contact_is_an_adult_at_the_pupil_s_address() -> None:
    told = receipt(sample("ctf", "SYNTHETIC_full_structure.xml")[0])
    (adult,) = told.adults
    assert (adult.name.given, adult.relationship, adult.parental_responsibility) == ("Ashley", "PAM", Answer.YES)
    assert adult.address == told.subject.address


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sen-provision", ["SEN support"]),
        ("sen-type", ["Social, emotional and mental health", "Speech, language and communication needs"]),
        ("free-school-meals", ["yes"]),
        ("looked-after", ["no"]),
        ("medical-flag", ["no"]),
        ("attendance-year", [ATTENDANCE]),
        ("assessment-result", ["KS1 2023 ENG REA TA: WTS"]),
        ("school-history", ["Invented Primary from 2020-09-03"]),
    ],
)
def test_the_sample_s_facts_are_told(name: str, values: list[str]) -> None:
    assert facts(receipt(sample("ctf", "SYNTHETIC_full_structure.xml")[0]), name) == values


def test_what_is_absent_is_not_told_as_no() -> None:
    told = receipt(items("ctf", a_file(ROBIN))[0])
    assert told.facts == ()
    assert told.subject.identifiers == ()
    assert told.adults == ()


def test_elements_are_read_by_name_in_any_order_among_stray_text() -> None:
    pupil = b"""
      <Address>stray <PostCode> pe1 9vv </PostCode> text
        <AddressLines><AddressLine1>1 INVENTED WAY</AddressLine1><AddressLine3>Nowhere</AddressLine3></AddressLines>
      </Address>
      <Unheard><Of>x</Of></Unheard><Gender>f</Gender><DOB>2016-04-09</DOB>

      <Surname>
        O'INVENTED\xe2\x80\x93NGUY\xe1\xbb\x84N
      </Surname>"""
    told = receipt(items("ctf", a_file(pupil))[0])
    assert told.subject.name.family == "O'INVENTED\u2013NGUYỄN"
    assert told.subject.name.given is None
    assert told.subject.sex is Sex.FEMALE
    assert told.subject.address is not None
    assert told.subject.address.postcode == "PE1 9VV"
    assert told.subject.address.lines == ("1 INVENTED WAY", "Nowhere")


def test_school_meals_that_have_ended_are_told_as_ended() -> None:
    meals = b"<FSMhistory><FSMinstance><FSMendDate>2024-01-01</FSMendDate></FSMinstance></FSMhistory>"
    assert facts(receipt(items("ctf", a_file(ROBIN + meals))[0]), "free-school-meals") == ["no longer"]


def test_a_bad_identifier_never_rejects_a_pupil() -> None:
    told = receipt(items("ctf", a_file(ROBIN + b"<UPN>A801200005001</UPN>"))[0])
    assert [(known.value, known.valid) for known in told.subject.identifiers] == [("A801200005001", False)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (a_file(ROBIN, root=b"CTF"), "unknown-shape"),
        (a_file(b"<BasicDetails><LegalSurname>Invented</LegalSurname></BasicDetails>"), "unknown-shape"),
        (a_file(ROBIN + b"<Address><Postcode>PE1 9VV</Postcode></Address>"), "unknown-shape"),
        (a_file(b"<UPN>B801200005001</UPN>"), "no-name"),
        (a_file(ROBIN.replace(b"2016", b"2001")), "not-a-child"),
    ],
)
def test_variants_are_for_a_person_with_what_could_be_read(body: bytes, reason: str) -> None:
    to_review = review(items("ctf", body)[0])
    assert to_review.reason == reason
    assert to_review.found


@pytest.mark.parametrize(
    ("pupil", "code", "place"),
    [
        (ROBIN.replace(b"2016-04-09", b"09/04/2016"), "date-format", "Pupil/DOB"),
        (ROBIN.replace(b"2016-04-09", b"2025-02-29"), "date-format", "Pupil/DOB"),
        (ROBIN.replace(b"2016", b"2027"), "born-later", "Pupil/DOB"),
        (b"<Surname>" + b"N" * 701 + b"</Surname>", "bad-value", "Pupil: family"),
    ],
)
def test_a_pupil_that_cannot_be_read_is_refused_alone(pupil: bytes, code: str, place: str) -> None:
    bad, good = items("ctf", a_file(pupil, ROBIN))
    assert (refusal(bad).code, refusal(bad).pointer) == (code, place)
    assert receipt(good).subject.name.given == "Robin"


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        ((SAMPLES / "cin-2022.xml").read_bytes(), "wrong-root", "CIN census"),
        (a_file(ROBIN, root=b"ATfile"), "wrong-root", "admissions"),
        (a_file(ROBIN, root=b"html"), "wrong-root", "not CTfile"),
        (a_file(), "no-pupils", "no Pupil"),
        (a_file(ROBIN, header=b""), "no-header", "no Header"),
        (a_file(ROBIN, header=b"<Header><DateTime>yesterday</DateTime></Header>"), "bad-header", "DateTime"),
        (a_file(ROBIN, header=b"<Header><DateTime>0001-01-01T00:00</DateTime></Header>"), "bad-header", "DateTime"),
        (b"", "not-xml", "XML"),
        (b"Surname,Forename\r\n", "not-xml", "XML"),
    ],
)
def test_another_file_is_refused_whole_with_what_to_mend(body: bytes, code: str, says: str) -> None:
    refused = file_refused("ctf", body)
    assert refused.code == code
    assert says in refused.detail


class Roll(RawIOBase):
    """A file of many pupils that is never whole in memory."""

    def __init__(self, pupils: int) -> None:
        whole = (SAMPLES / "SYNTHETIC_full_structure.xml").read_bytes()
        before, pupil, after = re.split(rb"(?<=<CTFpupilData>)|(?=</CTFpupilData>)", whole)
        self._parts = chain([before], repeat(pupil, pupils), [after])
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        room = memoryview(buffer)
        piece = self._rest or next(self._parts, b"")
        size = min(len(room), len(piece))
        room[:size], self._rest = piece[:size], piece[size:]
        return size


def test_a_whole_roll_is_read_at_flat_memory() -> None:
    def memory_after(pupils: int) -> int:
        assert sum(1 for _ in ctf.read(BufferedReader(Roll(pupils), 65_536))) == pupils
        return psutil.Process().memory_info().rss

    few = memory_after(500)
    assert memory_after(6_000) - few < 15_000_000  # the elements of 6,000 pupils take some 80 MB
