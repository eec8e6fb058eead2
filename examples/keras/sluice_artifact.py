"""What a model folder of Sluice holds beside the network: manifest.json, its hashes and its golden vectors.

`inputs_of` does to raw features what Sluice does to them when it scores (src/model/encode.ts): train on what it gives.
"""

import hashlib
import json
from pathlib import Path

import numpy as np


# Beside the network: the manifest itself, its signature, and what is rendered from it.
NOT_HASHED = {"manifest.json", "manifest.sig.json", "MODEL_CARD.md"}


def fit_feature(name, values, missing_indicator_from=0.001):
    """A 'standardise' entry of the manifest, learnt from the training rows of one feature; NaN is "not known"."""
    known = values[~np.isnan(values)]
    if known.size == 0:
        return {"name": name, "mean": 0, "scale": 1, "whenMissing": 0, "missingIndicator": False}
    low, high = (float(f"{np.quantile(known, q):.6g}") for q in (0.001, 0.999))
    entry = {"name": name}
    clipped = known
    if low < high:
        entry["clip"] = [low, high]
        clipped = np.clip(known, low, high)
    # A long tail to the right is what the logarithm is for.
    centred = clipped - clipped.mean()
    spread = clipped.std()
    if spread > 0 and (centred**3).mean() / spread**3 > 1:
        entry["log1p"] = True
        clipped = np.sign(clipped) * np.log1p(np.abs(clipped))
    scale = float(clipped.std())
    return {
        **entry,
        "mean": float(f"{clipped.mean():.6g}"),
        "scale": float(f"{scale:.6g}") if scale > 0 else 1,
        "whenMissing": float(f"{np.median(known):.6g}"),
        "missingIndicator": bool(known.size < values.size * (1 - missing_indicator_from)),
    }


def _encode(feature, raw):
    """The inputs of one feature, one column each, for values that are all known."""
    kind = feature.get("kind", "standardise")
    if kind == "oneHot":
        return np.stack([(raw == value).astype(float) for value in feature["values"]], axis=1)
    if kind == "bins":
        x = raw.astype(np.float32).astype(float) if feature.get("float32") else raw
        side = "left" if feature.get("edgeIn") == "below" else "right"
        column = np.searchsorted(feature["edges"], x, side=side).astype(float)
    elif kind == "quantile":
        knots = np.asarray(feature["knots"], dtype=float)
        column = np.interp(raw, knots[:, 0], knots[:, 1])
    else:
        low, high = feature.get("clip", (-np.inf, np.inf))
        column = np.clip(raw, low, high)
        if feature.get("log1p"):
            column = np.sign(column) * np.log1p(np.abs(column))
        column = (column - feature["mean"]) / feature["scale"]
    return column[:, None]


def inputs_of(features, rows):
    """Raw rows (NaN: not known) to inputs of the network: those of each feature, then the missing indicators."""
    columns, indicators = [], []
    for at, feature in enumerate(features):
        raw = rows[:, at]
        missing = np.isnan(raw)
        encoded = _encode(feature, np.where(missing, feature.get("whenMissing", 0), raw))
        if feature.get("kind") == "oneHot":
            encoded[missing] = 0
        columns.append(encoded)
        if feature["missingIndicator"]:
            indicators.append(missing.astype(float)[:, None])
    return np.concatenate(columns + indicators, axis=1).astype(np.float32)


def golden_rows(rows, labels, of_each=6):
    """Real rows of both kinds, one of which every second value is unknown, and one of which nothing is known."""
    kinds = [rows[labels == kind] for kind in (1, 0)]
    spread = [kind[np.linspace(0, len(kind) - 1, min(of_each, len(kind))).astype(int)] for kind in kinds]
    half = rows[0].copy()
    half[::2] = np.nan
    return np.concatenate(spread + [half[None], np.full_like(half, np.nan)[None]])


def _json_row(row):
    return [None if np.isnan(value) else float(value) for value in row]


def write_manifest(folder, manifest, golden, probability_of):
    """Writes manifest.json into a folder that already holds the network.

    golden: raw rows; probability_of: raw rows -> probability, calibrated, as the model must give it.
    """
    folder = Path(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in NOT_HASHED)
    vectors = zip(golden, probability_of(golden))
    whole = {
        "manifestVersion": 1,
        **manifest,
        "files": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
        },
        "goldenVectors": [{"row": _json_row(row), "probability": float(p)} for row, p in vectors],
    }
    (folder / "manifest.json").write_text(json.dumps(whole, indent=1) + "\n")
