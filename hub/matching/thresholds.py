"""From which score on two descriptions are taken for one person.

Posterior odds = prior odds x Bayes factor, and the score is the logarithm of the Bayes factor (Fellegi and Sunter, "A
Theory for Record Linkage", Journal of the American Statistical Association 64, 1969, which also shows that two
thresholds with a person deciding between them send the fewest pairs to that person for given rates of error). Whoever
is described is one of `size` people at most, so against a stranger the prior odds are 1 / size; against the others of
the household they are 1 / 3, for there are rarely more than four people of whom it could be. Taking one for another of
the same household shows nobody another family's life, so there more may be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import Final

_BIT: Final = 100
_OTHERS_IN_HOUSEHOLD: Final = 3
_OF: Final = 10_000
# Of 10,000 with the lowest score that links, to another one of the same household. Of some 45 between this bound and
# half of it, in two invented sets, none was of two people.
_FALSE_WITHIN: Final = 1000
_SMALLEST_REGISTER: Final = 10_000  # a new register is not more certain of strangers than the people outside it allow


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Hundredths of a bit. Linked from `link` on, new below `doubt`, and in between somebody looks.

    `link_within` and `doubt_within` are the same for the score against the people of one household.
    """

    link: int
    doubt: int
    link_within: int
    doubt_within: int


def thresholds(false_links: int, missed_links: int, size: int) -> Thresholds:
    """The thresholds of a register of `size` people.

    false_links: of 10,000 links made without a person looking, so many may be wrong; each has at most that chance
    missed_links: of 10,000 people taken for new without a person looking, so many may be known already
    """
    stranger = log2(max(size, _SMALLEST_REGISTER))
    household = log2(_OTHERS_IN_HOUSEHOLD)
    sure = log2((_OF - false_links) / false_links)
    doubtful = min(log2(missed_links / (_OF - missed_links)), sure)
    return Thresholds(
        link=round(_BIT * (sure + stranger)),
        doubt=round(_BIT * (doubtful + stranger)),
        link_within=round(_BIT * (min(sure, log2((_OF - _FALSE_WITHIN) / _FALSE_WITHIN)) + household)),
        doubt_within=round(_BIT * (doubtful + household)),
    )
