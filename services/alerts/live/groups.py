"""The sets of regions that live alerts name: there are few, however many alerts there are."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from services.alerts.live.borders import Borders


class Groups:
    """A number for each set of regions. What is told of a set stays true, so sets are only ever added."""

    def __init__(self, borders: Borders) -> None:
        self.borders = borders
        self.numbers: dict[tuple[str, ...], int] = {}
        self.naming: dict[str, list[int]] = defaultdict(list)
        self.inside: dict[str, list[int]] = defaultdict(list)

    def of(self, codes: tuple[str, ...]) -> int:
        if codes not in self.numbers:
            number = self.numbers[codes] = len(self.numbers)
            for code in codes:
                self.naming[code].append(number)
                for above in self.borders.above(code):
                    self.inside[above].append(number)
        return self.numbers[codes]

    def related_to(self, code: str) -> np.ndarray:
        """By group: whether it names the region, one inside it or one around it."""
        around = [number for above in self.borders.above(code) for number in self.naming.get(above, ())]
        return self._marked([*self.naming.get(code, ()), *self.inside.get(code, ()), *around])

    def meeting(self, shape: BaseGeometry) -> np.ndarray:
        """By group: whether any land of its regions meets `shape`."""
        return self._marked([number for code in self._met(shape) for number in self.naming[code]])

    def _met(self, shape: BaseGeometry) -> set[str]:
        """Those of the codes in use whose region meets `shape`: a country, if one of its parts does."""
        met: set[str] = set()
        sure, perhaps = self.borders.meeting(shape)
        for code in [*sure, *perhaps]:
            used = [each for each in (code, *self.borders.parts_of(code)) if each in self.naming]
            if not met.issuperset(used) and (code in sure or shapely.intersects(self.borders.shape(code), shape)):
                met.update(used)
        return met

    def _marked(self, numbers: Iterable[int]) -> np.ndarray:
        marks = np.zeros(max(len(self.numbers), 1), bool)
        marks[list(numbers)] = True
        return marks
