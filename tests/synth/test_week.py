"""A whole invented week, read by the hub's own connectors: what they make of it is what the truth says."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from io import BytesIO

import pytest

from hub.connectors import CONNECTORS
from hub.connectors.bars import CONNECTOR_JSON, CONNECTOR_XML
from hub.submission import Change, ForReview, InformationReceipt, Referral, Refusal
from hub.synth.agencies import agencies
from hub.synth.week import AgencyFile, Week, content

START = date(2026, 11, 25)
READERS = {**CONNECTORS, CONNECTOR_JSON.name: CONNECTOR_JSON, CONNECTOR_XML.name: CONNECTOR_XML}

Week_ = list[tuple[AgencyFile, bytes]]
Read = Referral | InformationReceipt | ForReview | Refusal


@pytest.fixture(scope="module")
def week() -> Week_:
    return [(file, content(file)) for file in Week(250, 9, START, faults=0.15)]


def read(file: AgencyFile, data: bytes) -> list[Read]:
    reader = READERS[file.format]
    reader.check(BytesIO(data))
    return [item.read for item in reader.read(BytesIO(data))]


def outcome(found: Read) -> str:
    match found:
        case ForReview():
            return "review"
        case Refusal():
            return "refused"
        case _:
            return "accepted"


def test_the_same_seed_writes_the_same_week(week: Week_) -> None:
    again = [(file.name, file.at, file.truth, content(file)) for file in Week(250, 9, START, faults=0.15)]
    assert again == [(file.name, file.at, file.truth, data) for file, data in week]
    assert [data for _, data in week] != [content(file) for file in Week(250, 8, START, faults=0.15)]


def test_files_come_in_the_order_of_sending_within_a_few_days(week: Week_) -> None:
    times = [file.at for file, _ in week]
    assert times == sorted(times)
    assert times[0].date() == date(2026, 11, 23)
    assert (times[-1] - times[0]).days <= 8


def test_every_format_that_the_hub_reads_is_written(week: Week_) -> None:
    assert {file.format for file, _ in week} == set(READERS)


def test_a_sender_can_tell_each_format_by_the_name_of_the_file(week: Week_) -> None:
    for file, _ in week:
        endings = {ending: reader.name for reader in READERS.values() for ending in reader.suffixes}
        longest = max((ending for ending in endings if file.name.lower().endswith(ending)), key=len)
        assert endings[longest] == file.format, file.name


def test_each_part_ends_as_the_truth_says(week: Week_) -> None:
    seen: Counter[str] = Counter()
    for file, data in week:
        got = [outcome(found) for found in read(file, data)]
        assert got == [part.expected for part in file.truth], file.name
        seen.update(got)
    assert min(seen["accepted"], seen["review"], seen["refused"]) > 20


def test_an_agency_claims_only_what_it_is_registered_for(week: Week_) -> None:
    registered = {agency.code: agency for agency in agencies()}
    for file, data in week:
        agency = registered[file.agency.code]
        for found in read(file, data):
            if isinstance(found, Referral | InformationReceipt):
                assert set(found.lawful_basis) <= set(agency.bases), file.name
                assert found.purpose in agency.purposes, file.name


def test_several_agencies_tell_of_one_family(week: Week_) -> None:
    tellers: dict[str, set[str]] = defaultdict(set)
    for file, _ in week:
        for part in file.truth:
            tellers[part.family].add(file.agency.code)
    assert len(tellers) == 250  # everybody is told about
    assert sum(len(codes) >= 3 for codes in tellers.values()) > 40


def test_some_files_are_sent_again_byte_for_byte(week: Week_) -> None:
    again = [(file.name, data) for file, data in week if file.again]
    first = {file.name: data for file, data in week if not file.again}
    assert len(again) > 5
    assert all(first[name] == data for name, data in again)


def test_some_things_are_told_late(week: Week_) -> None:
    late = [
        (file.at - found.occurred_at).days
        for file, data in week
        for found, part in zip(read(file, data), file.truth, strict=True)
        if "late" in part.slips and isinstance(found, Referral | InformationReceipt)
    ]
    assert sum(days >= 20 for days in late) > 10


def test_the_trust_updates_and_withdraws(week: Week_) -> None:
    changes: dict[Change, set[str]] = defaultdict(set)
    for file, data in week:
        for found in read(file, data):
            if isinstance(found, Referral) and file.agency.code == "madeup-nhs":
                changes[found.change].add(found.source.case_reference or "")
    assert changes[Change.UPDATE]
    assert changes[Change.WITHDRAW]
    assert changes[Change.UPDATE] | changes[Change.WITHDRAW] <= changes[Change.NEW]


def test_unborn_children_safe_addresses_and_homeless_families_are_among_them(week: Week_) -> None:
    found = [each for file, data in week for each in read(file, data) if isinstance(each, Referral)]
    addresses = [each.subject.address for each in found if each.subject.address]
    assert any(each.subject.unborn for each in found)
    assert any(address.restricted for address in addresses)
    assert any(address.postcode == "ZZ99 3VZ" for address in addresses)


def test_hostile_words_arrive_as_they_were_written(week: Week_) -> None:
    said = [each.concern for file, data in week for each in read(file, data) if isinstance(each, Referral)]
    marks = ("<script>alert", '=HYPERLINK("', "'; DROP TABLE", "@SUM(A1:A9)", "\u202e", "\nSecond line, <b>")
    seen = [any(mark in words for words in said) for mark in marks]
    assert sum(seen) >= 4


def test_no_file_name_holds_a_surname(week: Week_) -> None:
    assert not any("madeupova" in file.name.casefold() or "inventedson" in file.name.casefold() for file, _ in week)
