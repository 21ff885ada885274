"""`hub agency`: register partner agencies and give them credentials."""

from __future__ import annotations

from typing import Annotated

import typer

from events.basis import AgencyKind, LawfulBasis, Purpose
from hub.agencies import UnknownAgency
from hub.arrival import Agency
from hub.bootstrap import Hub
from hub.cli.running import AsJson, Exit, end, notice, readable, say, say_json, with_hub

app = typer.Typer(help="Partner agencies: who may send what.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="Short code of the agency, such as invented-primary.", callback=readable)]
ACTOR = "cli"


@app.command()
def add(
    code: Code,
    kind: Annotated[AgencyKind, typer.Option(help="Kind of agency.")],
    title: Annotated[str, typer.Option(help="Its name, as people read it.", callback=readable)],
    identifier: Annotated[str, typer.Option(help="URN, ODS code, force, charity number, …", callback=readable)],
    purpose: Annotated[list[Purpose], typer.Option(help="A purpose of its sharing agreement; may be given again.")],
    basis: Annotated[list[LawfulBasis], typer.Option(help="A lawful basis it may use; may be given again.")],
    as_json: AsJson = False,
) -> None:
    """Register an agency, or change what one may send. A new one gets its credentials, shown this once.

    Example: hub agency add invented-primary --kind SCHOOL --title "Invented Primary" --identifier 199001
    --purpose EARLY_HELP --basis ART6_1_E --basis ART9_2_H
    """
    if not _is_code(code):
        end(Exit.USAGE, "CODE: 2 to 40 letters, digits and hyphens")
    agency = Agency(code, kind, title, identifier, frozenset(purpose), frozenset(basis))

    async def work(hub: Hub) -> None:
        known = await hub.agencies.find(code)
        await hub.agencies.register(agency, ACTOR)
        if known is not None:
            say_json({"agency": code, "changed": known != agency}) if as_json else say(f"{code}: registered anew")
            return
        _show_credentials(code, *await hub.agencies.issue_credentials(code), as_json=as_json)

    with_hub(work)


@app.command("list")
def list_agencies(as_json: AsJson = False) -> None:
    """All agencies with what they may send."""

    async def work(hub: Hub) -> None:
        for agency in await hub.agencies.every():
            if as_json:
                say_json(
                    {
                        "code": agency.code,
                        "kind": agency.kind,
                        "title": agency.title,
                        "identifier": agency.identifier,
                        "purposes": sorted(agency.purposes),
                        "bases": sorted(agency.bases),
                        "suspended": agency.suspended,
                    }
                )
            else:
                state = "  suspended" if agency.suspended else ""
                say(f"{agency.code:20} {agency.kind:20} {agency.title}{state}")

    with_hub(work)


@app.command()
def credentials(code: Code, as_json: AsJson = False) -> None:
    """Issue another client id and secret for an agency, shown this once."""

    async def work(hub: Hub) -> int:
        try:
            _show_credentials(code, *await hub.agencies.issue_credentials(code), as_json=as_json)
        except UnknownAgency:
            notice(f"No agency is registered as {code}.")
            return Exit.NOT_WELL
        return Exit.WELL

    with_hub(work)


@app.command()
def suspend(code: Code) -> None:
    """Let an agency send no more; its tokens stop working within seconds."""

    async def work(hub: Hub) -> int:
        try:
            await hub.agencies.suspend(code, ACTOR)
        except UnknownAgency:
            notice(f"No agency is registered as {code}.")
            return Exit.NOT_WELL
        say(f"{code}: suspended")
        return Exit.WELL

    with_hub(work)


def _show_credentials(code: str, client_id: str, secret: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"agency": code, "client_id": client_id, "client_secret": secret})
        return
    notice(f"Credentials of {code}, shown this once:")
    say(f"HUB_CLIENT_ID={client_id}")
    say(f"HUB_CLIENT_SECRET={secret}")


def _is_code(code: str) -> bool:
    """Part of a Kafka topic's name and of URLs, so letters, digits and hyphens alone."""
    return 2 <= len(code) <= 40 and code.isascii() and code.replace("-", "").isalnum()  # noqa: PLR2004
