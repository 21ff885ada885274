"""What we show: every read model is listed here once, and only what is listed is kept up to date."""

from __future__ import annotations

from typing import Final

from projections.agencies import AGENCIES
from projections.identity import IDENTITY
from projections.panel_pack import PANEL_PACK
from projections.people import PEOPLE
from projections.projection import Projection
from projections.queues import QUEUES
from projections.submissions import SUBMISSIONS
from projections.timeline import TIMELINE

ALL: Final[tuple[Projection, ...]] = (AGENCIES, IDENTITY, PEOPLE, TIMELINE, QUEUES, PANEL_PACK, SUBMISSIONS)
