"""Fits XGBoost to features.csv and labels.csv, as `sluice dataset` writes them.

Writes model.json (save_model) and golden.csv (rows with XGBoost's own probability) for `sluice model import`.
One thread and a seed: the same files give the same trees.
"""

import argparse
import csv
import json
import os

import numpy
import xgboost


def read_columns(path, names):
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        at = [header.index(name) for name in names]
        return [[row[column] for column in at] for row in reader]


def number(text):
    return float("nan") if text == "" else float(text)


def read_examples(features_path, labels_path, names):
    fraud = {row[0]: int(row[1]) for row in read_columns(labels_path, ["paymentId", "fraud"])}
    rows = [row for row in read_columns(features_path, ["paymentId", *names]) if row[0] in fraud]
    # XGBoost compares float32 whatever it is given.
    values = numpy.array([[number(text) for text in row[1:]] for row in rows], dtype=numpy.float32)
    return values, numpy.array([fraud[row[0]] for row in rows], dtype=numpy.float32)


def golden_rows(labels, most):
    """Rows of both kinds, spread over the time."""
    kinds = [numpy.flatnonzero(labels == kind) for kind in (0, 1)]
    return numpy.concatenate([kind[:: max(1, len(kind) // most)][:most] for kind in kinds])


def write_golden(path, names, values, probabilities):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*names, "probability"])
        for row, probability in zip(values, probabilities):
            known = ["" if numpy.isnan(value) else repr(float(value)) for value in row]
            writer.writerow([*known, repr(float(probability))])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--spec", required=True, help="JSON: features, rounds, and XGBoost's parameters")
    parser.add_argument("--out", required=True)
    given = parser.parse_args()
    with open(given.spec, encoding="utf-8") as file:
        spec = json.load(file)

    names = spec["features"]
    values, labels = read_examples(given.features, given.labels, names)
    parameters = {"objective": "binary:logistic", "nthread": 1, **spec["parameters"]}
    data = xgboost.DMatrix(values, label=labels, feature_names=names)
    booster = xgboost.train(parameters, data, num_boost_round=spec["rounds"])
    booster.save_model(os.path.join(given.out, "model.json"))

    rows = golden_rows(labels, 40)
    chosen = values[rows]
    # Most of it unknown, and nothing known at all.
    chosen = numpy.vstack([chosen, chosen[:1], chosen[:1]])
    chosen[-2, ::2] = numpy.nan
    chosen[-1, :] = numpy.nan
    probabilities = booster.predict(xgboost.DMatrix(chosen, feature_names=names))
    write_golden(os.path.join(given.out, "golden.csv"), names, chosen, probabilities)


if __name__ == "__main__":
    main()
