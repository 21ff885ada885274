"""promises.md §4, class 22: only our own fresh tokens open the door."""

from __future__ import annotations

import base64
import hmac
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from hub.bootstrap import Hub
from hub.clock import system_clock
from hub.tokens import TokenRefused, Tokens, signing_key
from tests.api.conftest import SCHOOL
from tests.api.sending import Sender, referral

ISSUER = "http://127.0.0.1:8080"
Forge = Callable[[ECKey, dict[str, Any]], str]


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _signed(key: ECKey, claims: dict[str, Any], **header: object) -> str:
    return jwt.encode({"alg": "ES256", "typ": "at+jwt", **header}, claims, key, algorithms=["ES256"])


def _unsigned(_: ECKey, claims: dict[str, Any]) -> str:
    return f"{_part({'alg': 'none', 'typ': 'at+jwt'})}.{_part(claims)}."


def _with_the_public_key_as_secret(key: ECKey, claims: dict[str, Any]) -> str:
    public = key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{_part({'alg': 'HS256', 'typ': 'at+jwt', 'kid': key.kid})}.{_part(claims)}"
    tag = base64.urlsafe_b64encode(hmac.digest(public, signed.encode(), "sha256")).rstrip(b"=").decode()
    return f"{signed}.{tag}"


def _with_a_key_of_its_own(_: ECKey, claims: dict[str, Any]) -> str:
    own = ECKey.generate_key("P-256")
    return _signed(own, claims, jwk=own.as_dict(private=False))


def _with_a_key_elsewhere(_: ECKey, claims: dict[str, Any]) -> str:
    return _signed(ECKey.generate_key("P-256"), claims, jku="https://elsewhere.invalid/jwks.json")


def _for_another_audience(key: ECKey, claims: dict[str, Any]) -> str:
    return _signed(key, claims | {"aud": "http://other.invalid"})


def _for_several_audiences(key: ECKey, claims: dict[str, Any]) -> str:
    return _signed(key, claims | {"aud": [claims["aud"], "http://other.invalid"]})


def _of_another_issuer(key: ECKey, claims: dict[str, Any]) -> str:
    return _signed(key, claims | {"iss": "http://other.invalid"})


def _expired(key: ECKey, claims: dict[str, Any]) -> str:
    return _signed(key, claims | {"iat": claims["iat"] - 600, "exp": claims["iat"] - 300})


def _valid_for_a_year(key: ECKey, claims: dict[str, Any]) -> str:
    return _signed(key, claims | {"exp": claims["iat"] + 31_536_000})


def _issued_tomorrow(key: ECKey, claims: dict[str, Any]) -> str:
    return _signed(key, claims | {"iat": claims["iat"] + 86_400, "exp": claims["iat"] + 86_700})


def _without_an_end(key: ECKey, claims: dict[str, Any]) -> str:
    return _signed(key, {name: value for name, value in claims.items() if name != "exp"})


def _of_another_type(key: ECKey, claims: dict[str, Any]) -> str:
    return _signed(key, claims, typ="JWT")


def _not_a_token(_: ECKey, __: dict[str, Any]) -> str:
    return "a.b.c"


def _enormous(key: ECKey, claims: dict[str, Any]) -> str:
    return _signed(key, claims | {"scope": "x" * 20_000})


@pytest.mark.parametrize(
    "forge",
    [
        _unsigned,
        _with_the_public_key_as_secret,
        _with_a_key_of_its_own,
        _with_a_key_elsewhere,
        _for_another_audience,
        _for_several_audiences,
        _of_another_issuer,
        _expired,
        _valid_for_a_year,
        _issued_tomorrow,
        _without_an_end,
        _of_another_type,
        _not_a_token,
        _enormous,
    ],
)
async def test_a_token_that_is_not_ours_is_answered_401(hub: Hub, school: Sender, forge: Forge) -> None:
    key = signing_key(hub.settings.key_dir / "tokens.key")
    claims = dict(jwt.decode(school.token, key, algorithms=["ES256"]).claims)
    assert (await school.post("/v1/referrals", referral())).status_code == 201

    forged = Sender(school.client, school.client_id, school.secret, forge(key, claims))
    answer = await forged.post("/v1/referrals", referral())

    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/token-refused"
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_is_of_no_use_once_it_has_expired(tmp_path: Path) -> None:
    now = system_clock()
    clock = [now]
    tokens = Tokens(signing_key(tmp_path / "tokens.key"), ISSUER, 300, lambda: clock[0])
    token = tokens.issue("A", "client", {"submissions:read"})
    assert tokens.read(token).agency == "A"
    clock[0] = now.replace(year=now.year + 1)
    with pytest.raises(TokenRefused):
        tokens.read(token)


def test_the_key_outlives_a_restart_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "tokens.key"
    first, second = signing_key(path), signing_key(path)
    assert first.kid == second.kid
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_published_key_checks_our_tokens_and_tells_nothing_private(school: Sender) -> None:
    answer = await school.client.get("/.well-known/jwks.json")
    [key] = answer.json()["keys"]
    assert "d" not in key
    claims = jwt.decode(school.token, ECKey.import_key(key), algorithms=["ES256"]).claims
    assert claims["agency"] == SCHOOL.code
    assert claims["exp"] - claims["iat"] <= 300
    assert claims["iss"] == claims["aud"] == ISSUER
    assert claims["jti"]


async def test_a_token_can_be_had_with_the_credentials_in_the_form(school: Sender) -> None:
    form = {"grant_type": "client_credentials", "client_id": school.client_id, "client_secret": school.secret}
    answer = await school.client.post("/oauth/token", data=form)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["token_type"] == "Bearer"


@pytest.mark.parametrize(
    ("form", "secret", "error", "status"),
    [
        ({"grant_type": "client_credentials"}, "wrong", "invalid_client", 401),
        ({"grant_type": "client_credentials"}, None, "invalid_client", 401),
        ({"grant_type": "password"}, "", "unsupported_grant_type", 400),
        ({}, "", "unsupported_grant_type", 400),
        ({"grant_type": "client_credentials", "scope": "purpose:OPERATION_ENCOMPASS"}, "", "invalid_scope", 400),
        ({"grant_type": "client_credentials", "client_secret": "twice"}, "", "invalid_request", 400),
    ],
)
async def test_a_request_for_a_token_that_is_not_right_is_refused(
    school: Sender, form: dict[str, str], secret: str | None, error: str, status: int
) -> None:
    basic = None if secret is None else (school.client_id, secret or school.secret)
    answer = await school.client.post(
        "/oauth/token",
        data=form,
        auth=basic or httpx.USE_CLIENT_DEFAULT,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize("client_id", ["\x00", "a\x00b", "%00", "a%00b"])
async def test_a_client_id_that_no_database_takes_is_no_client(school: Sender, client_id: str) -> None:
    form = {"grant_type": "client_credentials"}
    for sent in (
        await school.client.post("/oauth/token", data=form, auth=(client_id, school.secret)),
        await school.client.post("/oauth/token", data=form | {"client_id": client_id, "client_secret": school.secret}),
    ):
        assert (sent.status_code, sent.json()["error"]) == (401, "invalid_client")


async def test_a_token_asked_for_one_purpose_is_good_for_that_alone(school: Sender) -> None:
    form = {"grant_type": "client_credentials", "scope": "purpose:ATTENDANCE"}
    answer = await school.client.post("/oauth/token", data=form, auth=(school.client_id, school.secret))
    narrow = Sender(school.client, school.client_id, school.secret, answer.json()["access_token"])

    refused = await narrow.post("/v1/referrals", referral())
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/scope-missing")
    assert (await narrow.get("/v1/submissions/00000000-0000-4000-8000-000000000000")).status_code == 403


async def test_a_suspended_agency_gets_no_token_and_its_old_one_stops(hub: Hub, school: Sender) -> None:
    await hub.agencies.suspend(SCHOOL.code, "operator")
    answer = await school.post("/v1/referrals", referral())
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/agency-suspended")
    form = {"grant_type": "client_credentials"}
    assert (
        await school.client.post("/oauth/token", data=form, auth=(school.client_id, school.secret))
    ).status_code == 401
