"""What a message tells: coded concerns, the concern in words, and facts beside it (standards.md §3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from events.description import CodedValue
from hub.connectors.bars_bundle import Bundle
from hub.connectors.bars_nodes import coded, codes, concept, extension, line, node, nodes, text, texts
from hub.connectors.bars_reader import Node
from hub.connectors.bars_times import ended
from hub.submission import Fact

FLAG_CATEGORIES: Final = "https://fhir.nhs.uk/CodeSystem/flag-categories-bars"
_SAFEGUARDING_CODES: Final = "/safeguarding-codes-bars"
_SAFEGUARDING: Final = "SG"
_NO_ISSUES: Final = "861931000000100"
"""SNOMED: no safeguarding issues. A negative, so it is told but never raised."""
_WRONG: Final = frozenset({"entered-in-error", "refuted"})


@dataclass(slots=True)
class Told:
    """Gathered while reading; sentences are told once each, in the order of the message."""

    concerns: list[CodedValue] = field(default_factory=list)
    sentences: dict[str, None] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    def say(self, label: str, words: str | None) -> None:
        """Add a sentence to the concern."""
        if words:
            self.sentences[f"{label}: {words}"] = None

    def know(self, name: str, value: str | None, code: CodedValue | None = None) -> None:
        """Add a fact."""
        if value:
            self.facts.append(Fact(name=name, value=value, code=code))

    def raise_concern(self, label: str, source: Node) -> None:
        """Add a CodeableConcept as a concern, in codes and in words."""
        self.concerns.extend(code for code in coded(source) if code not in self.concerns)
        self.say(label, concept(source))

    def words(self, otherwise: str) -> str:
        """The concern as text."""
        return "\n".join(self.sentences) or otherwise


def told(bundle: Bundle, focus: Node, patient: Node, on: date) -> Told:
    """All that a message tells about its patient as of a day."""
    found = Told()
    _request(found, bundle, focus)
    for flag in bundle.of_type("Flag"):
        _flag(found, flag, on)
    for condition in bundle.of_type("Condition"):
        if not codes(condition, "verificationStatus") & _WRONG:
            _reason(found, "Condition", node(condition, "code"))
            _notes(found, condition)
    for plan in bundle.of_type("CarePlan"):
        _plan(found, plan)
    for observation in bundle.of_type("Observation"):
        if line(observation, "status") not in _WRONG:
            found.know("observation", _observation(observation), next(coded(node(observation, "code")), None))
    for consent in bundle.of_type("Consent"):
        # Consent to direct care is not a family's agreement to early help: a fact beside it, no more.
        given = [concept(each) for each in (*nodes(consent, "category"), node(consent, "policyRule"))]
        found.know("consent", ", ".join(filter(None, given)))
    _patient(found, patient)
    return found


def _request(found: Told, bundle: Bundle, focus: Node) -> None:
    encounter = bundle.follow(focus, "encounter")
    for source in (focus, encounter):
        for reason in nodes(source, "reasonCode"):
            _reason(found, "Reason", reason)
    _notes(found, focus)
    found.know("advice-given", text(focus, "patientInstruction"))
    found.know("encounter-status", line(encounter, "status"))


def _reason(found: Told, label: str, source: Node) -> None:
    if _NO_ISSUES in codes({"it": source}, "it"):
        found.know("safeguarding", concept(source) or "no safeguarding issues")
    else:
        found.raise_concern(label, source)


def _flag(found: Told, flag: Node, on: date) -> None:
    status, code = line(flag, "status"), node(flag, "code")
    if status in _WRONG:
        return
    systems = {line(coding, "system") or "" for coding in nodes(code, "coding")}
    safeguarding = _SAFEGUARDING in codes(flag, "category") or any(
        system.endswith(_SAFEGUARDING_CODES) for system in systems
    )
    if not safeguarding:
        category = ", ".join(filter(None, (concept(each) for each in nodes(flag, "category"))))
        said = ": ".join(filter(None, (category, concept(code))))
        found.know("flag", f"{said} ({status})" if status == "inactive" else said, next(coded(code), None))
    elif status == "inactive" or ended(flag, on):
        found.know("past-safeguarding-flag", concept(code), next(coded(code), None))
    else:
        _reason(found, "Safeguarding flag", code)
        if not nodes(code, "coding"):  # words alone still need a code to be found by
            found.concerns.append(CodedValue(scheme=FLAG_CATEGORIES, code=_SAFEGUARDING, text=concept(code)))


def _plan(found: Told, plan: Node) -> None:
    if line(plan, "status") in _WRONG:
        return
    for key in ("title", "description"):
        found.say("Plan", text(plan, key))
    _notes(found, plan)
    for activity in nodes(plan, "activity"):
        for outcome in nodes(activity, "outcomeCodeableConcept"):
            found.say("Plan", concept(outcome))
        found.say("Plan", text(node(activity, "detail"), "description"))
        for progress in nodes(activity, "progress"):
            found.say("Plan", text(progress, "text"))


def _notes(found: Told, source: Node) -> None:
    for note in nodes(source, "note"):
        found.say("Note", text(note, "text"))


def _observation(observation: Node) -> str:
    values = [concept(node(observation, "valueCodeableConcept")), text(observation, "valueString")]
    notes = (note for each in nodes(observation, "note") for note in texts(each, "text"))
    return ": ".join(filter(None, (concept(node(observation, "code")), *values, *notes)))


def _patient(found: Told, patient: Node) -> None:
    absent = extension(patient, "Extension-UKCore-NHSNumberUnavailableReason")
    found.know("nhs-number-absent", concept(node(absent, "valueCodeableConcept")))
    died = patient.get("deceasedBoolean") is True or line(patient, "deceasedBoolean") == "true"
    found.know("deceased", line(patient, "deceasedDateTime") or ("yes" if died else None))
    for value in _interpreter(patient):
        found.know("interpreter-required", value)


def _interpreter(patient: Node) -> Iterator[str]:
    needed = extension(extension(patient, "Extension-UKCore-NHSCommunication"), "interpreterRequired")
    needed = needed or extension(patient, "patient-interpreterRequired")
    if "valueBoolean" in needed:
        yield "no" if needed["valueBoolean"] in (False, "false") else "yes"
