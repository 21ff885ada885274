"""What every page's route does around its view: loopback alone, errors as pages, no personal data in the log."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final

import asyncpg
import structlog
from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException as StarletteHTTPException

from events.database import unavailable
from hub.web.errors import error_page

log = structlog.get_logger()
_NOT_MADE_YET: Final = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)


class PageRoute(APIRoute):
    """A route of a page for people."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The view with everything around it."""
        view = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if not from_this_machine(request):
                return error_page(HTTPStatus.NOT_FOUND)
            try:
                return await view(request)
            except (HTTPException, StarletteHTTPException) as failure:
                return error_page(failure.status_code)
            except RequestValidationError:
                return error_page(HTTPStatus.NOT_FOUND)
            except _NOT_MADE_YET:
                return error_page(HTTPStatus.SERVICE_UNAVAILABLE)
            except Exception as failure:  # told to the operators, and to the reader without its text
                log.exception("page failed", exc_info=failure, route=self.path)
                return error_page(503 if unavailable(failure) else 500)

        return handle


def from_this_machine(request: Request) -> bool:
    """Whether the server was reached on a loopback address by a loopback name.

    The name matters too: a page elsewhere can point a name of its own at 127.0.0.1 and read what is served there.
    """
    host, _ = request.scope.get("server") or ("", None)
    return _is_loopback(str(host)) and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
