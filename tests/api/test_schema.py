"""The API keeps its own description, whatever is sent: messages made from it, right ones and wrong ones.

The checks are Schemathesis' own: no server error, only described statuses, content types and bodies, no answer without
a token, wrong messages refused. That every right message is taken is not among them: what an agency may send for which
purpose, and what a CTF file holds, no schema tells.
"""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok

from hub.api.document import COMMITTED
from hub.bootstrap import Hub
from tests.api.sending import Sender

SCHEMA = schemathesis.openapi.from_dict(orjson.loads(COMMITTED.read_bytes()))
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}
ASKED = [
    (label, mode)
    for label, operation in sorted(OPERATIONS.items())
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.body or list(operation.iter_parameters())
]
NOT_OURS: list[Any] = [CHECKS.get_one("positive_data_acceptance")]
EXAMPLES = 30


@pytest.mark.parametrize(("label", "mode"), ASKED)
async def test_the_answer_is_one_that_is_described(
    hub: Hub, school: Sender, server: tuple[str, int], label: str, mode: GenerationMode
) -> None:
    host, port = server
    heads = {"Authorization": f"Bearer {school.token}"}

    @given(case=OPERATIONS[label].as_strategy(mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def is_described(case: Case[Any]) -> None:
        case.call_and_validate(base_url=f"http://{host}:{port}", headers=heads, excluded_checks=NOT_OURS)

    await asyncio.to_thread(is_described)
