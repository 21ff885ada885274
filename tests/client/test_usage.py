from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.client.credentials import Unusable, find_credentials, secure_url
from hub.client.spool import Spool
from tests.client.conftest import Send
from tests.client.scripted_hub import ScriptedHub


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.json"], "is not a file"),
        (["--watch", "missing"], "is not a folder"),
        (["--format", "made-up"], "no such format"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_done(
    send: Send, hub: ScriptedHub, arguments: list[str], said: str
) -> None:
    result = send(*arguments)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert hub.uploads == []


def test_a_file_of_no_known_format_is_not_guessed(send: Send, hub: ScriptedHub, tmp_path: Path) -> None:
    file = tmp_path / "notes.xml"
    file.write_text("<notes/>")

    assert send(file).exit_code == 2
    assert send(file, "--format", "ctf").exit_code == 0, "the hub decides, not the sender"
    assert [upload.path for upload in hub.uploads] == ["/v1/files/ctf"]


def test_two_senders_never_work_on_one_spool(send: Send, hub: ScriptedHub, file: Path, spool: Path) -> None:
    with Spool(spool / "SCHOOL-1", lambda: datetime.now(UTC)):
        result = send(file)

    assert result.exit_code == 2
    assert "another sender works on this spool" in " ".join(result.stderr.split())
    assert hub.uploads == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hub.example",
        "ftp://hub.example",
        "http://hub.example",
        "https://user:word@hub.example",
        "http://127.0.0.1.example",
    ],
)
def test_a_secret_never_travels_in_clear(url: str) -> None:
    with pytest.raises(Unusable):
        secure_url(url)


@pytest.mark.parametrize("url", ["https://hub.example/", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"])
def test_a_safe_address_is_taken(url: str) -> None:
    assert secure_url(url) == url.rstrip("/")


def test_credentials_come_from_a_file_of_the_agency_that_only_its_owner_can_read(tmp_path: Path) -> None:
    file = tmp_path / "SCHOOL-1.json"
    file.write_text('{"client_id": "a", "client_secret": "hush", "url": "https://hub.example"}')
    where = {"HUB_CONFIG_DIR": str(tmp_path)}

    file.chmod(0o640)
    with pytest.raises(Unusable, match="others can read"):
        find_credentials("SCHOOL-1", where)

    file.chmod(0o600)
    found = find_credentials("SCHOOL-1", where)
    assert (found.client_id, found.client_secret.get_secret_value(), found.url) == ("a", "hush", "https://hub.example")
    assert "hush" not in repr(found)


def test_a_broken_credentials_file_is_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "SCHOOL-1.json"
    file.write_text('{"client_secret": "hush"}')
    file.chmod(0o600)

    with pytest.raises(Unusable) as unusable:
        find_credentials("SCHOOL-1", {"HUB_CONFIG_DIR": str(tmp_path)})

    assert "hush" not in str(unusable.value)


@pytest.mark.parametrize("agency", ["", "../x", "a/b", ".hidden", "x" * 65, "SCH\u00d6\u00d6L"])
def test_an_agency_code_is_never_a_path(agency: str) -> None:
    with pytest.raises(Unusable, match="named by its code"):
        find_credentials(agency, {"HUB_CLIENT_ID": "a", "HUB_CLIENT_SECRET": "b"})
