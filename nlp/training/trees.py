"""Fits a vote: gradient-boosted trees over named figures, as the ONNX graph that `nlp.models.votes` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

from nlp.models.votes import FIGURES, KINDS, LEVELS, FigureRows, Trees, Vote

OPSETS = {"": 17, "ai.onnx.ml": 3}
CAUTION = 2.5  # the worst region's share of wrong speakers over the mean's: 2.4 with registers, 2.8 without
SETTINGS: Mapping[str, float] = {
    "max_iter": 250,
    "learning_rate": 0.06,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 15,
    "l2_regularization": 1.0,
    "random_state": 0,
}


KIND_SETTINGS: Mapping[str, float] = {**SETTINGS, "max_iter": 60}


def fitted(
    names: Sequence[str],
    rows: FigureRows,
    right: NDArray[np.bool_],
    settings: Mapping[str, float] = SETTINGS,
) -> Trees:
    """A vote on rows (n, figures) of which each is told right or wrong."""
    model = HistGradientBoostingClassifier(**settings, early_stopping=False).fit(rows, right)
    return Trees(graph(model, names))


def fitted_kinds(names: Sequence[str], rows: FigureRows, kinds: Sequence[str]) -> Trees:
    """A vote that tells three and more kinds apart."""
    return Trees(graph(HistGradientBoostingClassifier(**KIND_SETTINGS).fit(rows, kinds), names))


def graph(model: HistGradientBoostingClassifier, names: Sequence[str]) -> bytes:
    """The fitted trees as one ONNX node, whose sums are made shares: by the logistic function, or softmax."""
    several = len(model.classes_) > 2
    columns: dict[str, list[object]] = {
        key: []
        for key in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")
    }
    leaves: dict[str, list[object]] = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    listed = [one for each in model._predictors for one in enumerate(each)]  # its trees have no public name
    for tree, (target, predictor) in enumerate(listed):
        for n, node in enumerate(predictor.nodes):
            leaf = bool(node["is_leaf"])
            row = (
                tree,
                n,
                0 if leaf else int(node["feature_idx"]),
                0.0 if leaf else float(node["num_threshold"]),
                "LEAF" if leaf else "BRANCH_LEQ",
                0 if leaf else int(node["left"]),
                0 if leaf else int(node["right"]),
            )
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
            if leaf:
                for column, value in zip(
                    leaves.values(), (tree, n, target, float(node["value"])), strict=True
                ):
                    column.append(value)
    base = [float(value) for value in np.ravel(model._baseline_prediction)]
    shares = len(base)
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        ["rows"],
        ["sums"],
        domain="ai.onnx.ml",
        n_targets=shares,
        base_values=base,
        post_transform="NONE",
        **{f"nodes_{key}": values for key, values in columns.items()},
        **{f"target_{key}": values for key, values in leaves.items()},
    )
    made = helper.make_model(
        helper.make_graph(
            [ensemble, helper.make_node("Softmax" if several else "Sigmoid", ["sums"], ["shares"])],
            "vote",
            [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, len(names)])],
            [helper.make_tensor_value_info("shares", TensorProto.FLOAT, [None, shares])],
        ),
        opset_imports=[helper.make_opsetid(domain, version) for domain, version in OPSETS.items()],
        ir_version=8,
    )
    told = {FIGURES: "\n".join(names)} | ({KINDS: "\n".join(map(str, model.classes_))} if several else {})
    helper.set_model_props(made, told)
    onnx.checker.check_model(made)
    content: bytes = made.SerializeToString()
    return content


def levelled(vote: Trees, shares: FigureRows, right: NDArray[np.bool_]) -> Trees:
    """The vote with its shares turned to what was right of them, by isotonic regression.

    Zadrozny and Elkan 2002, doi:10.1145/775047.775151.

    ``shares``: what votes of its kind gave to rows that they had not learned from; ``right``: what they were.
    What was wrong counts `CAUTION` times: a region is seldom like the mean of those that were measured.
    """
    steps = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(shares, right)
    stated = np.clip(1 - CAUTION * (1 - steps.y_thresholds_), 0, 1)
    made = onnx.load_from_string(vote.content)
    told = {
        FIGURES: "\n".join(vote.names),
        LEVELS: json.dumps([steps.X_thresholds_.tolist(), stated.tolist()]),
    }
    helper.set_model_props(made, told)
    return Trees(made.SerializeToString())


def write(vote: Vote, file: Path) -> None:
    """Writes a fitted vote. Raises TypeError for a vote that is not of trees."""
    if not isinstance(vote, Trees):
        raise TypeError(f"{vote!r} cannot be written")
    file.write_bytes(vote.content)
