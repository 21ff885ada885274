"""A message Bundle and how its parts point at each other."""

from __future__ import annotations

from dataclasses import dataclass

from hub.connectors.bars_nodes import line, node, nodes
from hub.connectors.bars_reader import Node


@dataclass(frozen=True, slots=True)
class Bundle:
    """A message Bundle; references resolve by `entry.fullUrl` (in any case), never by `resource.id`."""

    root: Node
    entries: tuple[tuple[str, Node], ...]

    @classmethod
    def of(cls, root: Node) -> Bundle:
        """The bundle of a tree."""
        found = nodes(root, "entry")
        return cls(root, tuple(((line(each, "fullUrl") or "").lower(), node(each, "resource")) for each in found))

    def of_type(self, kind: str) -> list[Node]:
        """The resources of one type, in order."""
        return [resource for _, resource in self.entries if resource.get("resourceType") == kind]

    def address(self, resource: Node) -> str:
        """The fullUrl of a resource of this bundle."""
        return next(url for url, each in self.entries if each is resource)

    def follow(self, holder: Node, key: str) -> Node:
        """What the first reference under a key points at; empty if it is outside the bundle or two entries claim it."""
        reference = (line(node(holder, key), "reference") or "").lower()
        if not reference:
            return {}
        ends = (reference, f"urn:uuid:{reference}")  # published examples leave the prefix out
        found = [each for url, each in self.entries if url in ends or url.endswith(f"/{reference}")]
        return found[0] if len(found) == 1 else {}
