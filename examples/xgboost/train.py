"""Trains XGBoost on the features of `sluice replay` and drops the model into models/ through `sluice model import`."""

import argparse
import csv
import gzip
import shlex
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np
import xgboost

LATER_SHARE = 0.3
GOLDEN_ROWS = 60


def lines_of(file):
    return gzip.open(file, "rt", newline="") if str(file).endswith(".gz") else open(file, newline="")


def read_features(file):
    """Names, paymentIds and values; an empty cell is "not known", which XGBoost calls missing: NaN, never 0."""
    with lines_of(file) as lines:
        header, *rows = csv.reader(lines)
    values = np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in rows])
    return header[1:], [row[0] for row in rows], values


def epoch_ms(text):
    if text.isdigit():
        return int(text)
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000


def read_labels(file, ids):
    """(row, fraud) of each labelled payment that has features, in the order of time."""
    row_of = {payment: at for at, payment in enumerate(ids)}
    with lines_of(file) as lines:
        known = [
            (epoch_ms(label["occurredAt"]), row_of[label["paymentId"]], int(label["fraud"]))
            for label in csv.DictReader(lines)
            if label["paymentId"] in row_of
        ]
    known.sort()
    return np.array([row for _, row, _ in known]), np.array([fraud for *_, fraud in known])


def fit(names, rows, frauds, args):
    """The early part is learnt from, the later one says when to stop: fraud comes in waves, and never mixes."""
    split = int(len(rows) * (1 - LATER_SHARE))
    settings = {
        "objective": "binary:logistic",
        "eval_metric": "aucpr",
        "max_depth": args.depth,
        "eta": args.eta,
        "subsample": 0.8,
        "colsample_bytree": 0.8,
        "seed": args.seed,
        # One thread: the same data gives the same model.
        "nthread": 1,
    }
    early = xgboost.DMatrix(rows[:split], frauds[:split], feature_names=names)
    later = xgboost.DMatrix(rows[split:], frauds[split:], feature_names=names)
    model = xgboost.train(
        settings,
        early,
        args.rounds,
        evals=[(later, "later")],
        early_stopping_rounds=max(20, args.rounds // 5),
        verbose_eval=False,
    )
    # Only the rounds that count, so that the file says one thing.
    best = model[: model.best_iteration + 1]
    best.set_attr(best_iteration=None, best_score=None)
    return best, split


def golden_of(rows, frauds):
    """Frauds and good payments, then rows of which little or nothing is known."""
    frauds_first = np.argsort(-frauds, kind="stable")
    chosen = np.concatenate([frauds_first[: GOLDEN_ROWS // 2], frauds_first[-GOLDEN_ROWS // 2 :]])
    half = rows[chosen[0]].copy()
    half[::2] = np.nan
    return np.vstack([rows[chosen], half, np.full(rows.shape[1], np.nan)])


def write_csv(file, header, rows):
    with open(file, "w", newline="") as out:
        csv.writer(out).writerows([header, *rows])


def cells(row):
    """repr: the shortest text that is read back as the same double."""
    return ["" if np.isnan(value) else repr(float(value)) for value in row]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", required=True, help="CSV of sluice replay")
    parser.add_argument("--labels", required=True, help="CSV: paymentId, occurredAt, accountId, fraud, knownAt")
    parser.add_argument("--models", default="models", help="the models folder (models)")
    parser.add_argument("--id", default="xgboost-example")
    parser.add_argument("--version", default="1")
    parser.add_argument("--reasons", help="YAML: reason code -> names of the features that speak for it")
    parser.add_argument("--scores", help="CSV to write: paymentId, score, of every row of --features")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--depth", type=int, default=6)
    parser.add_argument("--eta", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sluice", default="npx sluice", help="how Sluice is called (npx sluice)")
    args = parser.parse_args()

    names, ids, values = read_features(args.features)
    order, frauds = read_labels(args.labels, ids)
    rows = values[order]
    model, split = fit(names, rows, frauds, args)

    def probability_of(raw):
        return model.predict(xgboost.DMatrix(raw, feature_names=names)).astype(float)

    with tempfile.TemporaryDirectory() as scratch:
        saved, golden, later = (str(Path(scratch, name)) for name in ("model.json", "golden.csv", "later.csv"))
        model.save_model(saved)
        telling = golden_of(rows[split:], frauds[split:])
        said = probability_of(telling)
        write_csv(golden, [*names, "probability"], ([*cells(row), repr(p)] for row, p in zip(telling, said.tolist())))
        # Metrics and the baselines of reasons come from payments that the trees have not learnt from.
        write_csv(later, ["paymentId", *names], ([ids[at], *cells(values[at])] for at in order[split:]))
        command = [*shlex.split(args.sluice), "model", "import", "--format", "xgboost", "--model", saved]
        command += ["--golden", golden, "--rows", later, "--labels", args.labels]
        command += ["--out", str(Path(args.models, args.id, args.version))]
        if args.reasons:
            command += ["--reasons", args.reasons]
        subprocess.run(command, check=True)
    if args.scores:
        write_csv(args.scores, ["paymentId", "score"], zip(ids, map(repr, probability_of(values).tolist())))
    print(f"sign it with sluice model sign {args.id}/{args.version} --key FILE")


if __name__ == "__main__":
    main()
