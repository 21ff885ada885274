"""`hub serve`: the API, and in the demo the pages."""

from __future__ import annotations

from hub.bootstrap import Hub
from hub.cli.running import Exit, notice, settings, with_hub


def serve() -> None:
    """Serve the API until SIGTERM or Ctrl-C, then drain within 15 seconds. Address: HUB_HOST and HUB_PORT."""
    from events.collecting import fewer_collections
    from events.durability import DataAtRisk
    from hub.api.serve import listen
    from hub.api.serve import serve as serve_hub
    from hub.telemetry import configure_logs

    configure_logs(settings().log_level)

    async def work(hub: Hub) -> int:
        host, port = hub.settings.host, hub.settings.port
        try:
            listening = listen(host, port)
        except OSError as failure:
            notice(f"Cannot listen on {host} port {port}: {failure.strerror}")
            return Exit.CANNOT_CONNECT
        try:
            with fewer_collections():  # a batch of candidates is many objects and no cycle
                await serve_hub(hub, listening=listening, started=lambda address: notice(f"Serving on {address}"))
        except DataAtRisk as risk:
            notice(str(risk))
            return Exit.NOT_WELL
        return Exit.WELL

    with_hub(work)
