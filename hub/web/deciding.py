"""A decision about who is who on its way through a page: asked, checked, decided. Nothing of it is in an address."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from hub.identity.commands import IdentityCommand
from hub.identity.deciding import decide_identity
from hub.identity.refusals import AlreadyDecided, AlreadyOne, IdentityRefused, NothingKnown
from hub.web.forms import Forms
from hub.web.rendering import guarded, page
from hub.web.sent import Fault, Sent, Step
from hub.web.told import Line
from projections import ALL
from projections.identity import IDENTITY
from projections.progress import wait_for

if TYPE_CHECKING:
    from hub.bootstrap import Hub

_SECONDS: Final = 5.0


class Question(Protocol):
    """One decision that a page asks for."""

    @property
    def shown(self) -> Shown:
        """How it is asked."""

    @abstractmethod
    def faults(self, sent: Sent) -> list[Fault]:
        """What is wrong with the answer."""

    @abstractmethod
    def said(self, sent: Sent) -> Sequence[Line]:
        """The answer in words, to be checked."""

    @abstractmethod
    def command(self, sent: Sent) -> IdentityCommand:
        """The answer as a command."""

    @abstractmethod
    def after(self, sent: Sent, done: str) -> str:
        """Where to go once it is decided; `done` is a code that the page there knows, `soon` if not shown yet."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The page of a question: its template with values, its own address, the page before, what the button says.

    `note` says before the decision what becomes of it.
    """

    template: str
    title: str
    address: str
    back: str
    button: str
    section: str
    values: Mapping[str, object] = field(default_factory=dict)
    note: str = "It can be taken back on the family's record."


class Decisions:
    """Takes a question through its steps."""

    def __init__(self, hub: Hub, forms: Forms) -> None:
        self._hub = hub
        self._forms = forms

    async def read(self, request: Request) -> Sent:
        """What was sent; nothing yet if the page is only asked for. Raises `HTTPException`."""
        if request.method != "POST":
            return Sent.nothing()
        form = await self._forms.read(request)
        try:
            return Sent.of(form)
        except ValueError:
            raise HTTPException(404) from None

    async def answer(self, request: Request, question: Question, sent: Sent) -> Response:
        """The page of the step that the form is in. Raises `AlreadyDecided`, `AlreadyOne` if another was first."""
        checked = sent.step in (Step.CHECK, Step.DECIDE)
        faults = question.faults(sent) if checked else []
        if not checked or faults:
            return self._page(request, question, sent, question.shown.template, faults)
        if sent.step is Step.CHECK:
            return self._page(request, question, sent, "check.html", [])
        return await self._decide(question, sent)

    async def caught_up(self) -> None:
        """Wait until pages can show what another reviewer has decided."""
        heads = await self._hub.log.heads()
        await wait_for(self._hub.pool, {p: s for p, s in heads.sequences.items() if s}, (IDENTITY,))

    async def _decide(self, question: Question, sent: Sent) -> Response:
        try:
            done = await decide_identity(self._hub, question.command(sent))
        except (AlreadyDecided, AlreadyOne):
            raise
        except NothingKnown:
            raise HTTPException(404) from None
        except IdentityRefused as refused:
            return self.refused(question.shown, refused)
        shown = await wait_for(self._hub.pool, done.places, ALL, _SECONDS)
        return guarded(RedirectResponse(question.after(sent, "shown" if shown else "soon"), 303))

    def _page(
        self, request: Request, question: Question, sent: Sent, template: str, faults: Sequence[Fault]
    ) -> Response:
        cookie, token = self._forms.token(request)
        shown = question.shown
        response = page(
            template,
            question=shown,
            sent=sent,
            said=question.said(sent) if template == "check.html" else (),
            faults=faults,
            fault_of={fault.field: fault.text for fault in reversed(faults)},
            token=token,
            section=shown.section,
            **dict[str, Any](shown.values),
        )
        self._forms.remember(request, response, cookie)
        return response

    def refused(self, shown: Shown, refused: IdentityRefused) -> Response:
        """The page that says why nothing was decided."""
        return page("refused.html", status=409, question=shown, text=str(refused), section=shown.section)
