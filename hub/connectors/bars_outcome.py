"""What the FHIR door answers: `OperationOutcome` with a BaRS `REC_` code, as JSON or as XML (standards.md §3).

`diagnostics` is read by the sender's staff and logs: it never holds personal data or a stack trace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID
from xml.sax.saxutils import quoteattr

import orjson

from hub.submission import Refusal

ERROR_CODES: Final = "https://fhir.nhs.uk/Codesystem/http-error-codes"
PROFILE: Final = "https://simplifier.net/guide/UKCoreDevelopment2/ProfileUKCore-OperationOutcome"

STATUS: Final[dict[str, int]] = {
    "REC_BAD_REQUEST": 400,
    "REC_UNAUTHORIZED": 401,
    "REC_FORBIDDEN": 403,
    "REC_NOT_FOUND": 404,
    "REC_NOT_ACCEPTABLE": 406,
    "REC_TIMEOUT": 408,
    "REC_CONFLICT": 409,
    "REC_UNPROCESSABLE_ENTITY": 422,
    "REC_TOO_MANY_REQUESTS": 429,
    "REC_SERVER_ERROR": 500,
    "REC_NOT_IMPLEMENTED": 501,
    "REC_UNAVAILABLE": 503,
}
"""The HTTP status of each code. Senders retry 408, 429 and 503 only."""


def bars_refusal(code: str, issue: str, detail: str, pointer: str = "") -> Refusal:
    """A refusal whose code is `REC_CODE:fhir-issue-code`, so that the FHIR door can answer in the sender's terms."""
    return Refusal(f"{code}:{issue}", detail, pointer)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer: `code` is a key of `STATUS`, `issue` a code of FHIR's issue-type list."""

    id: UUID
    code: str
    issue: str
    diagnostics: str
    severity: str = "error"

    @property
    def status(self) -> int:
        """The HTTP status to answer with."""
        return STATUS[self.code]

    def resource(self) -> dict[str, object]:
        """The resource in its JSON shape."""
        coding = {"system": ERROR_CODES, "code": self.code}
        return {
            "resourceType": "OperationOutcome",
            "id": str(self.id),
            "meta": {"profile": [PROFILE]},
            "issue": [
                {
                    "severity": self.severity,
                    "code": self.issue,
                    "details": {"coding": [coding]},
                    "diagnostics": self.diagnostics,
                }
            ],
        }

    def json(self) -> bytes:
        """Body for `application/fhir+json`."""
        return orjson.dumps(self.resource())

    def xml(self) -> bytes:
        """Body for `application/fhir+xml`; element order is the one FHIR's schema demands."""
        return (
            f'<OperationOutcome xmlns="http://hl7.org/fhir"><id value="{self.id}"/>'
            f"<meta><profile value={quoteattr(PROFILE)}/></meta>"
            f"<issue><severity value={quoteattr(self.severity)}/><code value={quoteattr(self.issue)}/>"
            f"<details><coding><system value={quoteattr(ERROR_CODES)}/><code value={quoteattr(self.code)}/></coding>"
            f"</details><diagnostics value={quoteattr(self.diagnostics)}/></issue></OperationOutcome>"
        ).encode()


def outcome_of(refusal: Refusal, outcome_id: UUID) -> Outcome:
    """The answer to a refused message; a code that is not BaRS's own is an unprocessable entity."""
    code, _, issue = refusal.code.partition(":")
    place = f" ({refusal.pointer})" if refusal.pointer else ""
    if code not in STATUS:
        code, issue = "REC_UNPROCESSABLE_ENTITY", "processing"
    return Outcome(outcome_id, code, issue or "processing", refusal.detail + place)
