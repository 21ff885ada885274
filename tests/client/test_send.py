from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.client.conftest import BUNDLE, Send
from tests.client.scripted_hub import Answer, ScriptedHub, Upload, answer, problem, receipt

State = Callable[[], dict[str, int]]
NOTHING = {"waiting": 0, "sent": 0, "refused": 0, "copies": 0}
A_REFUSED_ITEM = {"number": 2, "code": "not-a-date", "detail": "must be dd/mm/yyyy", "pointer": "Date of birth"}


async def partly(_hub: ScriptedHub, upload: Upload) -> object:
    return receipt(upload.key, outcome="mixed", accepted=1, refused=[A_REFUSED_ITEM])


def test_a_file_is_sent_whole_under_one_key_and_its_receipt_shown(
    send: Send, hub: ScriptedHub, file: Path, state: State
) -> None:
    result = send(file)

    [upload] = hub.uploads
    assert upload.path == "/v1/files/bars-json", "the format was told from the content"
    assert upload.body == BUNDLE
    assert upload.headers["content-type"] == "application/fhir+json"
    assert upload.headers["content-length"] == str(len(BUNDLE)), "its length is announced, not chunked"
    assert upload.key.startswith('"')
    assert upload.key.endswith('"')
    [line] = result.stdout.splitlines()
    assert line.startswith("sent ")
    assert "2 items: 2 accepted, 0 review, 0 refused" in line
    assert result.exit_code == 0
    assert state() == NOTHING | {"sent": 1}, "the copy is personal data and is gone"
    assert file.read_bytes() == BUNDLE


def test_no_name_is_sent_kept_or_shown_unless_asked_for(send: Send, hub: ScriptedHub, file: Path, spool: Path) -> None:
    hub.script = [answer(503)]

    result = send(file)

    everything = result.output + "".join(map(str, spool.rglob("*")))
    everything += "".join(path.read_text() for path in spool.rglob("*.json"))
    everything += "".join(f"{upload.path}{upload.headers}" for upload in hub.uploads)
    assert "Testerly" not in everything
    assert "Testerly" in send(file, "--names").stdout


def test_the_second_run_of_a_sent_file_shows_its_receipt_again_and_sends_nothing(
    send: Send, hub: ScriptedHub, file: Path
) -> None:
    first, second = send(file), send(file)

    assert second.stdout == first.stdout
    assert len(hub.uploads) == 1


@pytest.mark.parametrize(
    "failure",
    [
        answer(500),
        answer(502, b"<html>proxy</html>"),
        answer(503, Retry_After="0"),
        answer(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
        answer(408),
        answer(425),
        problem(503, "busy", "Too much is waiting."),
        problem(409, "in-progress", "Still being decided.", Retry_After="0"),
    ],
)
def test_what_passes_is_tried_again_under_the_same_key(
    send: Send, hub: ScriptedHub, file: Path, state: State, failure: Answer
) -> None:
    hub.script = [failure, failure]

    result = send(file)

    assert result.exit_code == 0
    assert len(hub.uploads) == 3
    assert len(hub.effects) == 1
    assert result.stderr.count("kept in the spool, next try in") == 2
    assert state() == NOTHING | {"sent": 1}


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 415, 422])
def test_a_problem_is_final_and_said_in_the_hubs_words(
    send: Send, hub: ScriptedHub, file: Path, state: State, status: int
) -> None:
    hub.script = [problem(status, "not-our-format", "The root must be CTfile.")]

    result = send(file)

    assert result.exit_code == 1
    [line] = result.stdout.splitlines()
    assert line.startswith("refused ")
    assert line.endswith(f"{status} not-our-format  The root must be CTfile.")
    assert "no-header at /CTfile/Header: There is no header." in result.stderr
    assert state() == NOTHING | {"refused": 1}


def test_a_refused_file_may_be_sent_again_when_the_reason_was_mended(
    send: Send, hub: ScriptedHub, file: Path, state: State
) -> None:
    hub.script = [problem(403, "scope-missing", "The token was not issued for this.")]
    assert send(file).exit_code == 1

    assert send(file).exit_code == 0
    assert len(hub.effects) == 1, "under its old key"
    assert state() == NOTHING | {"sent": 1}


def test_refused_parts_are_told_one_by_one(send: Send, hub: ScriptedHub, file: Path) -> None:
    hub.script = [partly]  # type: ignore[list-item]

    result = send(file)

    assert result.exit_code == 1
    assert "2 items: 1 accepted, 0 review, 1 refused" in result.stdout
    assert "item 2 refused: not-a-date at Date of birth: must be dd/mm/yyyy" in result.stderr


def test_more_refused_parts_than_the_hub_lists_are_counted(send: Send, hub: ScriptedHub, file: Path) -> None:
    async def mostly(_hub: ScriptedHub, upload: Upload) -> object:
        return receipt(upload.key, outcome="mixed", accepted=1, refused=[A_REFUSED_ITEM], refused_count=1_400)

    hub.script = [mostly]  # type: ignore[list-item]

    assert "1 accepted, 0 review, 1400 refused" in send(file).stdout


def test_json_lines_carry_the_whole_receipt(send: Send, hub: ScriptedHub, file: Path) -> None:
    hub.script = [partly]  # type: ignore[list-item]

    line = orjson.loads(send(file, "--json", "--quiet").stdout)

    assert (line["state"], line["format"], line["outcome"]) == ("sent", "bars-json", "mixed")
    assert line["refused"] == [A_REFUSED_ITEM]
    assert "name" not in line


@pytest.mark.parametrize(
    "strange",
    [
        answer(200, b"<html>Please log in</html>", content_type="text/html"),
        answer(200, b"{}", content_type="application/json"),
        answer(302, location="https://elsewhere.example/"),
        answer(404, b"<html>not found</html>"),
        answer(413, b"<html>too large</html>"),
        answer(422, b"not json", content_type="application/problem+json"),
    ],
)
def test_an_answer_no_hub_would_give_never_counts_as_one(
    send: Send, hub: ScriptedHub, file: Path, state: State, strange: Answer
) -> None:
    hub.script = [strange]

    result = send(file)

    assert result.exit_code == 3
    assert "does not answer like a hub" in result.stderr
    assert state() == NOTHING | {"waiting": 1, "copies": 1}


def test_without_a_hub_the_file_stays_in_the_spool_until_there_is_one(
    send: Send, hub: ScriptedHub, file: Path, state: State
) -> None:
    nowhere = "http://127.0.0.1:9"
    result = send(file, "--give-up", "0.05", to=nowhere)

    assert result.exit_code == 3
    assert "cannot reach the hub (ConnectError)" in result.stderr
    assert state() == NOTHING | {"waiting": 1, "copies": 1}
    assert send().exit_code == 0, "what waits for another hub is not this one's"
    assert hub.uploads == []


def test_what_waits_is_sent_by_a_run_without_files(send: Send, hub: ScriptedHub, file: Path, state: State) -> None:
    hub.script = [answer(503, Retry_After="3600")]
    assert send(file, "--give-up", "0.05").exit_code == 3
    file.unlink()

    result = send()

    assert result.exit_code == 0
    assert [upload.body for upload in hub.uploads] == [BUNDLE, BUNDLE]
    assert len(hub.effects) == 1
    assert state() == NOTHING | {"sent": 1}


def test_a_pause_the_hub_asked_for_is_not_undercut(send: Send, hub: ScriptedHub, file: Path) -> None:
    hub.script = [answer(503, Retry_After="3600")]

    result = send(file, "--give-up", "30")

    assert result.exit_code == 3
    assert len(hub.uploads) == 1
    assert "next try in 3600." in result.stderr


def test_a_file_the_hub_stumbles_over_does_not_hold_up_the_others(
    send: Send, hub: ScriptedHub, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "b.json"
    other.write_bytes(BUNDLE.replace(b"79120f41", b"79120f42"))
    hub.script = [answer(500)]

    result = send(file, other)

    assert result.exit_code == 0
    assert [upload.body == BUNDLE for upload in hub.uploads] == [True, False, True]
    assert len(result.stdout.splitlines()) == 2


def test_the_token_is_kept_and_renewed_once_when_refused(
    send: Send, hub: ScriptedHub, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "b.json"
    other.write_bytes(BUNDLE.replace(b"79120f41", b"79120f42"))

    async def then_revoke(hub: ScriptedHub, upload: Upload) -> object:
        hub.tokens_revoked = 1
        return receipt(upload.key)

    hub.script = [then_revoke]  # type: ignore[list-item]

    assert send(file, other).exit_code == 0
    assert hub.tokens_issued == 2
    assert len(hub.uploads) == 2


@pytest.mark.parametrize(
    ("token_status", "reason"), [(401, "does not accept these credentials"), (503, "no token now")]
)
def test_without_a_token_nothing_leaves_the_spool(
    send: Send, hub: ScriptedHub, file: Path, state: State, token_status: int, reason: str
) -> None:
    hub.token_status = token_status

    result = send(file, "--give-up", "0.05")

    assert result.exit_code == 3
    assert reason in result.stderr
    assert hub.uploads == []
    assert state() == NOTHING | {"waiting": 1, "copies": 1}
