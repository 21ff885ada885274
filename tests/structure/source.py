"""The project's own files, as the structural tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("events", "projections", "hub", "consumers")


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the project's root, its lines and its tree."""

    path: str
    lines: tuple[str, ...]
    tree: ast.Module

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    @property
    def written_lines(self) -> int:
        """Lines that are not empty."""
        return sum(1 for line in self.lines if line.strip())


@cache
def committed() -> tuple[Path, ...]:
    """Every file git keeps or would keep."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = {name for name in told.stdout.decode().split("\0") if name}
    return tuple(path for name in sorted(names) if (path := ROOT / name).is_file())


@cache
def modules(*tops: str) -> tuple[Module, ...]:
    """The Python files under the given top folders, in order of path."""
    paths = [path.relative_to(ROOT) for path in committed() if path.suffix == ".py"]
    return tuple(_module(path) for path in paths if path.parts[0] in tops)


@cache
def _module(path: Path) -> Module:
    """Each is read and parsed once, in whatever company it is asked for."""
    text = ROOT.joinpath(path).read_text("utf-8")
    return Module(path.as_posix(), tuple(text.splitlines()), ast.parse(text))
