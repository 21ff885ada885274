from __future__ import annotations

import pytest

from events.keys import MemoryKeys
from events.memory_log import MemoryLog
from tests.contracts.event_log import PARTITIONS, Built, EventLogContract
from tests.events.facts import now


class TestMemoryLog(EventLogContract):
    @pytest.fixture
    def built(self) -> Built:
        keys = MemoryKeys()
        return Built(MemoryLog(keys, now, PARTITIONS), keys)
