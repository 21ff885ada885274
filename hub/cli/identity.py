"""`hub identity`: decide who is who, and take it back. Ids, scores and matching reasons are printed, never names."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer

from events.doubt import DoubtOutcome
from hub.bootstrap import Hub
from hub.cli import identity_consequences, identity_told
from hub.cli.running import AsJson, Exit, end, notice, say, say_json, with_hub
from hub.identity.commands import (
    IdentityCommand,
    MergeFamilies,
    MergePeople,
    SettleDoubt,
    SplitFamily,
    SplitPeople,
    TakeOut,
    Undo,
    is_reason,
)
from hub.identity.deciding import decide_identity
from hub.identity.refusals import IdentityRefused, NothingKnown, ReasonMissing

app = typer.Typer(help="Who is who: merge, split, settle doubts, and undo any of it.", no_args_is_help=True)
app.command()(identity_told.doubts)
app.command()(identity_told.show)
app.command()(identity_consequences.consequences)

Reason = Annotated[str, typer.Option("--reason", help="Why, in your own words; it is sealed on the log.")]
OneFamily = Annotated[bool, typer.Option("--one-family", help="Their families are one, too.")]
Person = Annotated[UUID, typer.Argument(help="Id of a person.")]
Family = Annotated[UUID, typer.Argument(help="Id of a family.")]


class Ending(StrEnum):
    """How a doubt ends."""

    SAME = "same"
    DIFFERENT = "different"


@app.command()
def merge(one: Person, other: Person, reason: Reason, one_family: OneFamily = False, as_json: AsJson = False) -> None:
    """Two people are one. What is known of both is shown as one from then on; nothing is rewritten.

    Example: hub identity merge ID ID --reason "Both schools confirmed it by telephone" --one-family
    """
    _decide(lambda by: MergePeople(one, other, one_family, **by), reason, as_json=as_json)


@app.command()
def split(
    people: Annotated[list[UUID], typer.Argument(help="Ids of the people who are somebody else, all of them one.")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Some of those who were taken for one person are another, and are not doubted to be the same again."""
    _decide(lambda by: SplitPeople(tuple(people), **by), reason, as_json=as_json)


@app.command("merge-families")
def merge_families(one: Family, other: Family, reason: Reason, as_json: AsJson = False) -> None:
    """Two families are one; who their people are is not changed."""
    _decide(lambda by: MergeFamilies(one, other, **by), reason, as_json=as_json)


@app.command("split-family")
def split_family(
    families: Annotated[list[UUID], typer.Argument(help="Ids of the families that are another one, all of them one.")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Some of what was taken for one family is another."""
    _decide(lambda by: SplitFamily(tuple(families), **by), reason, as_json=as_json)


@app.command()
def settle(
    doubt: Annotated[UUID, typer.Argument(help="Id of the doubt, as `hub identity doubts` lists it.")],
    outcome: Annotated[Ending, typer.Argument(help="Whether it is one of the candidates.")],
    reason: Reason,
    person: Annotated[UUID | None, typer.Argument(help="With `same`: the candidate it is.")] = None,
    one_family: OneFamily = False,
    as_json: AsJson = False,
) -> None:
    """End a doubt: the new person is the same as one of the candidates, or different from all of them.

    Example: hub identity settle DOUBT same PERSON --reason "The mother said so" --one-family
    """
    if (outcome is Ending.SAME) != (person is not None) or (one_family and person is None):
        end(Exit.USAGE, "`same` needs the PERSON it is; `different` takes neither a PERSON nor --one-family.")

    by = _by(reason)

    async def work(hub: Hub) -> int:
        doubted = await identity_told.doubted_person(hub, doubt)
        if doubted is None:
            notice(str(NothingKnown()))
            return Exit.NOT_WELL
        ended = DoubtOutcome(outcome.upper())
        return await _decided(hub, SettleDoubt(doubt, doubted, ended, person, one_family, **by), as_json=as_json)

    with_hub(work)


@app.command("take-out")
def take_out(
    submission: Annotated[UUID, typer.Argument(help="Id of the submission, as timelines and receipts give it.")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """What a submission told was not about this family: it is void there, and recorded again in one of its own.

    Its sender's later changes of the same referral go with it. Merge what belongs together after all.
    """
    _decide(lambda by: TakeOut(submission, **by), reason, as_json=as_json)


@app.command()
def undo(
    decision: Annotated[UUID, typer.Argument(help="Id of the decision.")], reason: Reason, as_json: AsJson = False
) -> None:
    """Take a merge, a split or a settled doubt back, as far as it still stands. An undo can be undone."""
    _decide(lambda by: Undo(decision, **by), reason, as_json=as_json)


def _decide(command: Callable[[dict[str, Any]], IdentityCommand], reason: str, *, as_json: bool) -> None:
    """Decide and say under which id."""
    asked = command(_by(reason))

    async def work(hub: Hub) -> int:
        return await _decided(hub, asked, as_json=as_json)

    with_hub(work)


async def _decided(hub: Hub, command: IdentityCommand, *, as_json: bool) -> int:
    try:
        done = await decide_identity(hub, command)
    except IdentityRefused as refused:
        notice(str(refused))
        return Exit.NOT_WELL
    if as_json:
        say_json({"decision": done.decision_id})
    else:
        say(f"Decided: {done.decision_id}")
    return Exit.WELL


def _by(reason: str) -> dict[str, Any]:
    """Who decides here; a command that is run again decides again. Ends the command if there is no reason."""
    if not is_reason(reason):
        end(Exit.USAGE, str(ReasonMissing()))
    return {"actor": f"cli:{getpass.getuser()}", "key": str(uuid4()), "reason": reason}
