"""Examples in the API description. Every person and place is made up, and no postcode can exist."""

from __future__ import annotations

from typing import Final

REFERRAL: Final[dict[str, object]] = {
    "source": {"system": "Example MIS", "message_id": "R-1042", "organisation": "Larkmoor Primary School (invented)"},
    "lawful_basis": ["ART6_1_E", "ART9_2_H", "CA2004_S10"],
    "purpose": "EARLY_HELP",
    "occurred_at": "2026-11-24T09:30:00+00:00",
    "subject": {
        "name": {"given": "Testa", "family": "Exampleby"},
        "birth": {"date": "2018-04-09"},
        "sex": "F",
        "identifiers": [{"scheme": "UPN", "value": "B801200005001"}],
        "address": {"lines": ["1 Made-up Lane"], "town": "Peterborough", "postcode": "PE1 9VV"},
        "school": "Larkmoor Primary School (invented)",
    },
    "adults": [
        {"name": {"given": "Sampla", "family": "Exampleby"}, "relationship": "mother", "parental_responsibility": "YES"}
    ],
    "concern": "Often tired and late since the autumn; mother asks for help with mornings.",
    "request": "A family worker for a term",
    "family_agreement": "YES",
    "urgency": "ROUTINE",
}
RECEIPT: Final[dict[str, object]] = {
    "source": {"system": "Example attendance register", "message_id": "A-77"},
    "lawful_basis": ["ART6_1_E", "CA2004_S10"],
    "purpose": "ATTENDANCE",
    "occurred_at": "2026-11-20T15:30:00+00:00",
    "subject": {
        "name": {"given": "Testa", "family": "Exampleby"},
        "birth": {"date": "2018-04-09"},
        "identifiers": [{"scheme": "UPN", "value": "B801200005001"}],
    },
    "information": "STATE",
    "summary": "Attended 71 % of sessions this half-term.",
    "facts": [{"name": "sessions-attended", "value": "46 of 65"}],
}
TAKEN: Final[dict[str, object]] = {
    "submission_id": "01977b2e-5a00-7000-8000-0000000000e1",
    "received_at": "2026-11-24T09:31:02.118204Z",
    "outcome": "accepted",
}
BECAME: Final[dict[str, object]] = TAKEN | {
    "decided_at": "2026-11-24T09:31:02.120417Z",
    "published": [
        {
            "event": "referral.received",
            "partition": 3,
            "sequence": 118,
            "topic": "hub.cp.events",
            "offset": 117,
        }
    ],
    "queue": "Peterborough Central and East",
    "acknowledged": {"at": "2026-11-24T14:05:00Z", "by": "Example council early help team"},
}
FILE_RECEIPT: Final[dict[str, object]] = TAKEN | {
    "outcome": "mixed",
    "items": 3,
    "accepted": 2,
    "review": 0,
    "refused_count": 1,
    "refused": [{"number": 3, "code": "date", "detail": "Not a date as dd/mm/yyyy.", "pointer": "Child date of birth"}],
}
PROBLEM: Final[dict[str, object]] = {
    "type": "/problems/not-valid",
    "title": "Not valid",
    "status": 422,
    "detail": "The JSON does not fit the schema: each error names its place.",
    "request_id": "5c7f7c1e-0f1f-4c5e-9e0e-0000000000e2",
    "error_count": 1,
    "errors": [
        {"pointer": "/subject/birth/date", "code": "value_error", "detail": "Value error, month must be in 1..12"}
    ],
}
OUTCOME: Final[dict[str, object]] = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "required", "diagnostics": "X-Request-ID is missing."}],
}
TOKEN: Final[dict[str, object]] = {
    "access_token": "eyJ…",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "purpose:EARLY_HELP submissions:read",
}
OAUTH_ERROR: Final[dict[str, object]] = {
    "error": "unsupported_grant_type",
    "error_description": "Only client_credentials is served.",
}
