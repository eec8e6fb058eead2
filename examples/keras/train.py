"""Trains a Keras network on the features of `sluice replay` and drops it into models/ as a SavedModel."""

import argparse
import csv
import gzip
import json
import shutil
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import tensorflow as tf

from graph_model import write_graph_model
from sluice_artifact import fit_feature, golden_rows, inputs_of, write_manifest

keras = tf.keras


def lines_of(file):
    return gzip.open(file, "rt", newline="") if str(file).endswith(".gz") else open(file, newline="")


def read_features(file):
    """paymentId and a column for each feature; an empty cell is "not known"."""
    with lines_of(file) as lines:
        header, *rows = csv.reader(lines)
    values = np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in rows])
    return header[1:], {row[0]: at for at, row in enumerate(rows)}, values


def read_labels(file, row_of):
    """(row, time, fraud) of each labelled payment that has features, in the order of time."""

    def epoch_ms(text):
        if text.isdigit():
            return int(text)
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000

    with lines_of(file) as lines:
        known = [
            (row_of[label["paymentId"]], epoch_ms(label["occurredAt"]), int(label["fraud"]))
            for label in csv.DictReader(lines)
            if label["paymentId"] in row_of
        ]
    return np.array(sorted(known, key=lambda each: each[1]))


def network(columns, seed):
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((columns,), name="inputs"),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1, name="logit"),
        ]
    )


def reason_groups(groups, names, good):
    """Each feature's usual value stands for "nothing to see here": the median of good payments, or not known."""

    def usual(name):
        values = good[:, names.index(name)]
        known = values[~np.isnan(values)]
        return float(np.median(known)) if known.size * 2 >= values.size else None

    return [{"code": code, "baseline": {name: usual(name) for name in of}} for code, of in groups.items()]


def iso(epoch_ms):
    return datetime.fromtimestamp(epoch_ms / 1000, timezone.utc).isoformat()


def average_precision(scores, labels):
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order])
    return float((hits / np.arange(1, len(labels) + 1))[labels[order] == 1].mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", required=True, help="CSV of sluice replay")
    parser.add_argument("--labels", required=True, help="CSV: paymentId, occurredAt, accountId, fraud, knownAt")
    parser.add_argument("--models", default="models", help="the models folder (models)")
    parser.add_argument("--id", default="keras-example")
    parser.add_argument("--version", default="1")
    parser.add_argument("--format", choices=["tf-saved-model", "tfjs-graph"], default="tf-saved-model")
    parser.add_argument("--reasons", help="JSON: reason code -> names of the features that speak for it")
    parser.add_argument("--scores", help="CSV to write: paymentId, score, of every row of --features")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    groups = json.loads(Path(args.reasons).read_text()) if args.reasons else {}
    names, row_of, values = read_features(args.features)
    labelled = read_labels(args.labels, row_of)
    rows, times, frauds = values[labelled[:, 0].astype(int)], labelled[:, 1], labelled[:, 2]
    # Fraud comes in waves: the last part is never mixed with what is learnt from.
    split = int(len(rows) * 0.7)
    features = [fit_feature(name, rows[:split, at]) for at, name in enumerate(names)]
    inputs = inputs_of(features, rows)

    model = network(inputs.shape[1], args.seed)
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    model.fit(inputs[:split], frauds[:split], epochs=args.epochs, batch_size=256, verbose=2)

    def probability_of(raw):
        logits = model(inputs_of(features, raw)).numpy()[:, 0].astype(float)
        return 1 / (1 + np.exp(-logits))

    folder = Path(args.models) / args.id / args.version
    if folder.exists():
        shutil.rmtree(folder)
    if args.format == "tfjs-graph":
        write_graph_model(model, inputs.shape[1], folder)
    else:
        model.export(str(folder))

    later = probability_of(rows[split:])
    manifest = {
        "id": args.id,
        "version": args.version,
        "description": "A Keras network of two hidden layers.",
        "format": args.format,
        "output": "logit",
        "features": features,
        "calibration": {"kind": "none"},
        "reasonGroups": reason_groups(groups, names, rows[:split][frauds[:split] == 0]),
        "goldenTolerance": 1e-5,
        "training": {
            "engine": f"tensorflow {tf.__version__}",
            "training": {"rows": split, "frauds": int(frauds[:split].sum()), "to": iso(times[split - 1])},
            "validation": {"rows": len(rows) - split, "frauds": int(frauds[split:].sum())},
        },
        "metrics": {"validationAveragePrecision": average_precision(later, frauds[split:])},
        "thresholds": [],
    }
    write_manifest(folder, manifest, golden_rows(rows[split:], frauds[split:]), probability_of)
    if args.scores:
        with open(args.scores, "w", newline="") as out:
            csv.writer(out).writerows([("paymentId", "score"), *zip(row_of, probability_of(values))])
    print(f"{folder}: sign it with sluice model sign {args.id}/{args.version} --key FILE")


if __name__ == "__main__":
    main()
