"""The list of commands."""

from __future__ import annotations

import typer

from hub.cli import agency, condition, db, erase, events, identity, match, models, serving
from hub.client.cli import send
from hub.synth.cli import synth

app = typer.Typer(
    name="hub",
    help="The Early Help hub: agencies tell, families and workers see one record, and everything is on record.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with local variables would print personal data
)
app.add_typer(agency.app, name="agency")
app.add_typer(db.app, name="db")
app.add_typer(events.app, name="events")
app.add_typer(identity.app, name="identity")
app.add_typer(match.app, name="match")
app.command()(events.show)
app.command()(events.log)
app.command()(erase.erase)
app.command()(serving.serve)
app.command()(condition.status)
app.command()(condition.doctor)
app.command()(condition.verify)
app.command("rebuild")(models.rebuild_models)
app.command()(models.replay)
app.command()(send)
app.command()(synth)
