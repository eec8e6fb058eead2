"""Trains small models with XGBoost and LightGBM and writes what the libraries themselves say of telling rows.

    python3 libraryScores.py FOLDER TREES DEPTH ROWS

For each model NAME two files: the model as the library saves it, and NAME.rows.json with rows and probabilities. The
rows are random ones, and rows that stand at each threshold of the model and at its neighbours on both sides, as
float32 and as float64; then values that are missing, zero of both signs, huge, and infinite where the library takes
them. What JSON cannot hold is null (missing), "inf" and "-inf".
"""

import json
import math
import sys
from pathlib import Path

import lightgbm
import numpy
import xgboost

NAMES = ["payment.amount", "account.count.1h", "device.is_new", "payee.mean.7d", "account.sum.24h"]
TELLING = [0.0, -0.0, 1e-40, -1e-40, 1e-35, -1e-35, float(numpy.float32(1e-35)), -float(numpy.float32(1e-35))]
HUGE = [16777216.0, 16777217.0, 16777218.0, -16777217.0, 1e30, -1e30, 1.7e38]
INFINITE = [math.inf, -math.inf, 1e300, -1e300]


def examples(count, rng):
    columns = [
        numpy.exp(rng.normal(8, 1.5, count)),
        rng.poisson(2, count).astype(float),
        (rng.random(count) < 0.2).astype(float),
        rng.normal(0, 1, count) * 2.0**24,
        numpy.exp(rng.normal(9, 1, count)),
    ]
    table = numpy.column_stack(columns).round(3)
    table[rng.random(table.shape) < 0.15] = numpy.nan
    known = numpy.nan_to_num(table)
    odds = -3 + known[:, 1] * 0.5 + 2 * known[:, 2] + known[:, 3] / 2.0**24 + (known[:, 0] > 9000)
    return table, (rng.random(count) < 1 / (1 + numpy.exp(-odds))).astype(int)


def neighbours(threshold):
    single = numpy.float32(threshold)
    near = [threshold, numpy.nextafter(threshold, -math.inf), numpy.nextafter(threshold, math.inf)]
    near += [single, numpy.nextafter(single, numpy.float32(-math.inf)), numpy.nextafter(single, numpy.float32(math.inf))]
    return sorted({float(value) for value in near if math.isfinite(value)})


def telling_rows(thresholds, base, extremes):
    """Each row is a random one with one value replaced."""
    rows = [row.copy() for row in base]
    cells = [(feature, value) for feature, threshold in thresholds for value in neighbours(threshold)]
    cells += [(feature, value) for feature in range(len(NAMES)) for value in TELLING + HUGE + extremes + [math.nan]]
    for at, (feature, value) in enumerate(cells):
        row = base[at % len(base)].copy()
        row[feature] = value
        rows.append(row)
    rows.append(numpy.full(len(NAMES), math.nan))
    return numpy.array(rows)


def cell(value):
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else ("inf" if value > 0 else "-inf")


def write_rows(folder, name, rows, probabilities):
    lines = [json.dumps([[cell(value) for value in row], float(p)]) for row, p in zip(rows, probabilities)]
    header = json.dumps({"names": NAMES})[1:-1]
    (folder / f"{name}.rows.json").write_text("{" + header + ', "scored": [\n' + ",\n".join(lines) + "\n]}\n")


def xgboost_model(folder, name, data, base, trees, depth, **more):
    settings = {"objective": "binary:logistic", "max_depth": depth, "nthread": 1, "seed": 1, **more}
    model = xgboost.train(settings, xgboost.DMatrix(*data), trees)
    model.save_model(folder / f"{name}.json")
    booster = json.loads((folder / f"{name}.json").read_text())["learner"]["gradient_booster"]
    saved = booster.get("model") or booster["gbtree"]["model"]
    splits = {
        (feature, condition)
        for tree in saved["trees"]
        for feature, condition, left in zip(tree["split_indices"], tree["split_conditions"], tree["left_children"])
        if left != -1
    }
    # XGBoost refuses infinite values.
    rows = telling_rows(sorted(splits), base, [])
    write_rows(folder, name, rows, model.predict(xgboost.DMatrix(rows)))


def lightgbm_model(folder, name, data, base, trees, leaves, **more):
    settings = {"objective": "binary", "num_leaves": leaves, "num_threads": 1, "verbose": -1, "seed": 1, **more}
    table, labels = data
    model = lightgbm.train(settings, lightgbm.Dataset(table, labels), trees)
    model.save_model(folder / f"{name}.txt")
    splits = set()

    def walk(node):
        if "split_feature" in node:
            splits.add((node["split_feature"], float(node["threshold"])))
            walk(node["left_child"])
            walk(node["right_child"])

    for tree in model.dump_model()["tree_info"]:
        walk(tree["tree_structure"])
    rows = telling_rows(sorted(splits), base, INFINITE)
    write_rows(folder, name, rows, model.predict(rows))


def main(folder, trees, depth, count):
    folder.mkdir(parents=True, exist_ok=True)
    rng = numpy.random.default_rng(20260101)
    data = examples(4000, rng)
    base = examples(count, rng)[0]
    leaves = 2**depth
    xgboost_model(folder, "xgboost", data, base, trees, depth)
    xgboost_model(folder, "xgboost-dart", data, base, trees, depth, booster="dart", rate_drop=0.3)
    lightgbm_model(folder, "lightgbm", data, base, trees, leaves)
    lightgbm_model(folder, "lightgbm-zero", data, base, trees, leaves, zero_as_missing=True)
    lightgbm_model(folder, "lightgbm-none", data, base, trees, leaves, use_missing=False, sigmoid=1.7)
    forest = {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}
    lightgbm_model(folder, "lightgbm-rf", data, base, trees, leaves, **forest)
    print(f"xgboost {xgboost.__version__}, lightgbm {lightgbm.__version__}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
