from __future__ import annotations

import socket
from pathlib import Path

import psutil
import pytest

from tests.connectors.reading import file_refused, items, receipt
from tests.connectors.test_ctf import ROBIN, a_file

LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
BILLION_LAUGHS = b'<!DOCTYPE CTfile [<!ENTITY l0 "ha">' + LAUGHS + b"]>"
QUADRATIC = b'<!DOCTYPE CTfile [<!ENTITY a "' + b"a" * 50_000 + b'">]>'


def with_surname(text: bytes) -> bytes:
    return a_file(ROBIN.replace(b"Invented", text))


@pytest.mark.parametrize(
    "body",
    [
        BILLION_LAUGHS + with_surname(b"&l9;"),
        QUADRATIC + with_surname(b"&a;" * 50_000),
        b'<!DOCTYPE CTfile [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + with_surname(b"&x;"),
        b'<!DOCTYPE CTfile SYSTEM "http://example.org/ctf.dtd">' + a_file(ROBIN),
        b'<?xml version="1.0"?>\n<!-- \n--><!DOCTYPE CTfile>' + a_file(ROBIN),
        b"\xef\xbb\xbf<?style x?> <!DOCTYPE CTfile>" + a_file(ROBIN),
    ],
)
def test_a_document_type_is_refused_before_it_is_read(body: bytes) -> None:
    before = psutil.Process().memory_info().rss
    assert file_refused("ctf", body).code == "document-type"
    assert psutil.Process().memory_info().rss - before < 50_000_000


def test_nothing_outside_the_file_is_ever_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("told-to-nobody")

    def no_network(*_: object) -> None:
        raise AssertionError("a connector reached for the network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    include = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="file://%s"/>' % bytes(secret)
    body = with_surname(b"Invented" + include)
    assert "told-to-nobody" not in receipt(items("ctf", body)[0]).model_dump_json()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (with_surname(b"&undeclared;"), "not-well-formed"),
        (b'<?xml version="1.0"?><?xml version="1.0"?>' + a_file(ROBIN), "doubled-declaration"),
        (b' <?xml version="1.0"?>' + a_file(ROBIN), "not-well-formed"),
        (('<?xml version="1.0" encoding="utf-16"?>' + a_file(ROBIN).decode()).encode("utf-16"), "encoding"),
        (a_file(ROBIN).decode().encode("utf-16-le"), "encoding"),
        (a_file(ROBIN).decode().encode("utf-32-be"), "encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?>' + a_file(ROBIN), "encoding"),
        (with_surname(b"\xff\xfe"), "not-well-formed"),
        (with_surname(b"a\x00b"), "not-well-formed"),
        (with_surname(b"&#0;"), "not-well-formed"),
        (a_file(b"<a>" * 16 + b"</a>" * 16), "too-deep"),
        (a_file(b"<a>" * 100_000 + b"</a>" * 100_000), "not-well-formed"),
        (a_file(b"<a/>" * 10_001), "too-deep"),
        (b"<CTfile>" + b"<junk/>" * 200_000, "part-too-large"),
        (a_file(b"<Surname>" + b"N" * 2_000_000 + b"</Surname>"), "part-too-large"),
        (a_file(ROBIN)[:-20], "not-well-formed"),
        (a_file(ROBIN) + a_file(ROBIN), "not-well-formed"),
        (b"<!--" + b"-" * 100_000, "not-xml"),
        (b"<?xml", "not-xml"),
        (b" " * 100_000 + a_file(ROBIN), "not-xml"),
    ],
)
def test_hostile_and_broken_files_are_refused_whole(body: bytes, code: str) -> None:
    assert file_refused("ctf", body).code == code


def test_a_comment_or_instruction_before_the_root_is_no_fault() -> None:
    body = b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n<!-- by a supplier --><?style x?>\n' + a_file(ROBIN)
    assert receipt(items("ctf", body)[0]).subject.name.given == "Robin"


def test_what_looks_like_a_pupil_elsewhere_is_none() -> None:
    nested = a_file(ROBIN + b"<Other><Pupil><Surname>Not</Surname></Pupil></Other>")
    (item,) = items("ctf", nested)
    assert receipt(item).subject.name.family == "Invented"
