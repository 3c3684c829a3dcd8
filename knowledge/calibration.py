"""From the evidence of a search to a probability, and from that to answering, asking back or declining."""

from functools import cache
from math import exp
from pathlib import Path

import yaml
from pydantic import Field

from knowledge.models import Strict
from knowledge.search import FEATURES, Evidence


class Logistic(Strict):
    """A logistic model over the evidence."""

    bias: float
    weights: dict[str, float]

    def probability(self, evidence: Evidence) -> float:
        """The probability it gives, 0 to 1."""
        total = self.bias + sum(
            self.weights.get(name, 0.0) * value for name, value in zip(FEATURES, evidence.values, strict=True)
        )
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


class Thresholds(Strict):
    """Where answering, asking back and declining part; probabilities from 0 to 1."""

    answer: float = Field(ge=0, le=1)
    choose: float = Field(ge=0, le=1)


class Calibration(Strict):
    """calibration.yaml: fitted by `isobot eval --fit` on questions with known answers, phrasings held out.

    Attributes:
        right: that the best topic is the right one.
        near: that the right one is among the best three.
        thresholds: `right` at or above `answer`: answer; else `near` at or above `choose`: ask back; else decline.
    """

    right: Logistic
    near: Logistic
    thresholds: Thresholds

    @staticmethod
    @cache
    def shipped() -> "Calibration":
        """The one for packs without their own."""
        file = Path(__file__).with_name("calibration.yaml")
        return Calibration.model_validate(yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader))
