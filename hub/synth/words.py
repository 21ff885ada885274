"""What the invented agencies say: in the tone of the trade, visibly synthetic, some of it hostile on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Concern:
    """`need` is a CIN primary need (N1 to N9), `tick` a box on a form, `ask` the help asked for."""

    need: str
    tick: str
    text: str
    ask: str


# {n} is the child's given name, {a} the relationship of the first adult.
CONCERNS: Final = (
    Concern(
        "N5",
        "family relationships",
        "{n} has been late on seven invented mornings and says that nobody at home wakes them. The {a} told us that "
        "evenings are full of arguments. {n} is tired, tearful after lunch and worried about going home on Fridays.",
        "A family worker to look at routines and at how the adults settle disagreements.",
    ),
    Concern(
        "N4",
        "mental health",
        "{n} told a member of staff that they feel sick every Sunday night. The {a} has been off work since "
        "the made-up "
        "summer and describes days when it is hard to get out of bed.",
        "Emotional support for {n} and somebody for the {a} to talk to.",
    ),
    Concern(
        "N1",
        "neglect",
        "{n} comes in the same unwashed jumper and is hungry by ten. Lunch boxes this pretend half-term held "
        "crisps only. "
        "The {a} says the boiler is broken and the meter is empty more days than not.",
        "Practical help with food, heating and hygiene at home.",
    ),
    Concern(
        "N2",
        "disability",
        "{n} is waiting for an autism assessment that does not exist. Sleep is three hours a night, and the "
        "{a} cannot leave "
        "the younger ones alone with {n} when things get loud.",
        "A plan with short breaks and advice about sleep.",
    ),
    Concern(
        "N6",
        "behaviour",
        "Third fictional suspension this term. {n} is kind with little children and explosive with adults. The {a} is "
        "frightened of answering the telephone when the school's number shows.",
        "Parenting programme and a mentor.",
    ),
    Concern(
        "N7",
        "money and housing",
        "The family has an invented eviction notice for the end of the month; {a} and children share one "
        "room. Homework is "
        "done on the stairs. {n} asked whether they would be allowed to keep the cat.",
        "Housing advice and a benefits check before the notice runs out.",
    ),
    Concern(
        "N3",
        "parent's health",
        "The {a} has started treatment that is made up for this record. {n} cooks, does the school run and "
        "missed eleven "
        "sessions. {n} says: \u201cI am fine, I just need a rest.\u201d",
        "Young carer assessment, help in the mornings.",
    ),
    Concern(
        "N4",
        "domestic abuse",
        "{n} drew a picture of an imaginary house with a door that does not shut. The {a} says the shouting "
        "has stopped since "
        "the separation, but there are still messages at night.",
        "Safety planning with the {a} and a trusted adult for {n}.",
    ),
)
UNBORN: Final = Concern(
    "N3",
    "early years",
    "An invented pregnancy, booked late at 26 weeks."
    " The expectant {a} moved twice this year, has no cot and nobody nearby.",
    "A named midwife and a place on the young parents' group.",
)
# Each must arrive as text and be shown as text: script, formula, template, quotes, line breaks, right-to-left marks.
HOSTILE: Final = (
    '<script>alert("synthetic")</script> {n} was upset today.',
    '=HYPERLINK("https://example.org/synthetic","open") {n} said this at home.',
    "{n}'s notes: '; DROP TABLE families; -- and more",
    '+1 synthetic; @SUM(A1:A9); "quoted, with commas"',
    "\u202egnirts detnevni\u202c {n} {{{{7*7}}}} ${{7*7}} #{{7*7}}",
    "First line about {n}.\nSecond line, <b>bold?</b> & ampersand; ]]> end.",
)
_HOSTILE_SHARE: Final = 0.05

INCIDENTS: Final = (
    "Report of shouting at an invented address. The {a} had left before police arrived. {n} hid.",
    "Verbal argument about money in a made-up kitchen; a plate broke. {n} asked whether it was their fault.",
    "Neighbour of a fictional flat called. The {a} disclosed earlier pushing. Children asleep, home tidy, food in.",
    "The {a} was found intoxicated in a pretend park with {n}. A relative came. No offences.",
)
VOICES: Final = (
    "I want it to stop.",
    "I went under the bed with the dog.",
    "It is always on pay day.",
    "",
    "I don\u2019t want to say.",
)
DWP_REASONS: Final = (
    ("housing", "Invented rent arrears of 4 months; claimant fears losing the made-up tenancy."),
    ("income", "Synthetic sanction ended; claimant reports skipping meals so that the children eat."),
    ("vulnerability", "Claimant tearful at a pretend appointment, says there is nobody to leave the children with."),
)
NHS_FLAGS: Final = (
    ("836881000000105", "Child is cause for safeguarding concern"),
    ("702953007", "Suspected child neglect"),
    ("881081000000100", "Domestic abuse victim in household"),
    ("300731000000106", "Family is cause for concern"),
    ("861931000000100", "No safeguarding issues identified"),
)


def a_concern(rng: Random, *, unborn: bool = False) -> Concern:
    """A concern; now and then its text is hostile."""
    concern = UNBORN if unborn else rng.choice(CONCERNS)
    if rng.random() < _HOSTILE_SHARE:
        return Concern(concern.need, concern.tick, rng.choice(HOSTILE), concern.ask)
    return concern


def said(template: str, given: str, relationship: str) -> str:
    """The sentence about this child and adult."""
    return template.format(n=given or "The child", a=relationship)
