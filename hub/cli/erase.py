"""`hub erase`: what is held of a person or a matter is erased: its key is destroyed, and read models forget it."""

from __future__ import annotations

import getpass
from typing import Annotated
from uuid import UUID

import typer

from events.rights import ErasureGround
from hub.bootstrap import Hub
from hub.cli.running import Exit, notice, say, with_hub
from hub.erasing import NothingSealed, finish, plan, unfinished
from hub.erasing import erase as erase_subject


def erase(
    subject_id: Annotated[UUID, typer.Argument(help="A person's id, which stands for all they have, or a matter's.")],
    ground: Annotated[ErasureGround, typer.Option(help="Article 17(1) UK GDPR.")],
    execute: Annotated[bool, typer.Option("--execute", help="Do it: it cannot be undone.")] = False,
) -> None:
    """Say what an erasure would destroy; with --execute destroy it. What others wrote of them goes with its matter."""

    async def work(hub: Hub) -> int:
        try:
            found = await plan(hub.pool, subject_id)
        except NothingSealed:
            notice("Nothing is sealed under a key of this id: give a person's or a matter's.")
            return Exit.NOT_WELL
        say(f"{found.events} events are sealed under {len(found.subjects)} keys:")
        for each in found.subjects:
            say(f"  {each}")
        if not execute:
            say("Nothing was done. With --execute the keys are destroyed, which cannot be undone.")
            return Exit.WELL
        await erase_subject(hub, subject_id, ground, f"cli:{getpass.getuser()}")
        await finish(hub)
        left = set(found.subjects) & set(await unfinished(hub.pool))
        rest = "Read models forget it once `hub work` has carried all that was said." if left else "Nothing is left."
        say(f"The keys are destroyed. {rest}")
        return Exit.WELL

    with_hub(work)
