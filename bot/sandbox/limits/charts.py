"""Charts."""

from __future__ import annotations

from typing import Any

from bot.sandbox.limits.objects import BLOCK_ID
from bot.sandbox.limits.shape import Check, Problems, Shape, by_type, many, report, string, typed
from bot.sandbox.limits.tables import number

LABEL = string(20)
_POINT = Shape({"label": LABEL, "value": number})
_SERIES = Shape({"name": LABEL, "data": many(_POINT, 20)})
_AXIS = Shape({"categories": many(LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})


def _series_agree(value: Any, path: str, problems: Problems) -> None:
    """A rule: series have names of their own, and each has exactly the categories as labels, in order."""
    categories = value["axis_config"]["categories"]
    if len(set(categories)) != len(categories):
        report(problems, "categories must be unique", f"{path}/axis_config/categories")
    names = [series["name"] for series in value["series"]]
    if len(set(names)) != len(names):
        report(problems, "series names must be unique", f"{path}/series")
    for index, series in enumerate(value["series"]):
        if [point["label"] for point in series["data"]] != categories:
            report(problems, "labels must match the categories, in order", f"{path}/series/{index}/data")


def _positive(value: Any, path: str, problems: Problems) -> None:
    """A rule: no slice of a pie is below nothing, and labels are distinct."""
    if any(segment["value"] < 0 for segment in value["segments"]):
        report(problems, "segment values must not be negative", f"{path}/segments")
    labels = [segment["label"] for segment in value["segments"]]
    if len(set(labels)) != len(labels):
        report(problems, "segment labels must be unique", f"{path}/segments")


def _axes(kind: str) -> Shape:
    return typed(kind, {"series": many(_SERIES, 6), "axis_config": _AXIS}, rules=(_series_agree,))


_CHARTS: dict[str, Check] = {
    **{kind: _axes(kind) for kind in ("line", "bar", "area")},
    "pie": typed("pie", {"segments": many(_POINT, 6)}, rules=(_positive,)),
}
CHART = typed(
    "data_visualization", {"title": string(50), "chart": by_type(_CHARTS)}, optional={"block_id": BLOCK_ID}
)  # fmt: skip
