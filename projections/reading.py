"""Names a read model's tables in SQL: `{people}.person` is the table `person` of the model's present version."""

from __future__ import annotations

from projections.projection import Projection


def sql(text: str, *projections: Projection, **parts: str) -> str:
    """The statement with each `{name}` replaced by that projection's schema, or by the part of that name."""
    return text.format_map({projection.name: projection.schema for projection in projections} | parts)
