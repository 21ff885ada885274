"""How the API description tells of answers: the good one with its example, and the refusals besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hub.api import examples

Extra = dict[str, Any]


def answers(status: int, text: str, example: Mapping[str, object], *refusals: int, refused: str = "Problem") -> Extra:
    """The good answer with its example, and the refusals that can be met besides, of a kind in `components`."""
    good = {str(status): _answer(text, example, "application/json")}
    return good | {str(code): {"$ref": f"#/components/responses/{refused}"} for code in refusals}


def fhir_answers(text: str, *refusals: int) -> Extra:
    """The FHIR door answers with an OperationOutcome, in the kind that was sent."""
    return {"200": _outcome(text)} | {str(code): {"$ref": "#/components/responses/Outcome"} for code in refusals}


def _answer(text: str, example: Mapping[str, object], *kinds: str) -> Extra:
    return {
        "description": text,
        "content": {kind: {"schema": {"type": "object"}, "example": example} for kind in kinds},
    }


def _outcome(text: str) -> Extra:
    answer = _answer(text, examples.OUTCOME, "application/fhir+json")
    answer["content"]["application/fhir+xml"] = {"schema": {"type": "string"}}
    return answer


REFUSALS: Final = {
    "Problem": _answer("A problem (RFC 9457)", examples.PROBLEM, "application/problem+json"),
    "Outcome": _outcome("An OperationOutcome that says what is wrong"),
    "OAuthError": _answer("An error of RFC 6749, section 5.2", examples.OAUTH_ERROR, "application/json"),
}
