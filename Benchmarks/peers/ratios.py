#!/usr/bin/env python3
"""Runs what other libraries do for the same work and prints it beside Hunch's figures.

Reads the benchmarks' samples and the made-up inputs from --results, runs speed.py of
--scripts and the steps below, and prints one line per step with the ratio of the times. That is CPU
time, since other processes disturb it least, but wall clock where Hunch takes less than a tenth of a
second: the system counts CPU time in ticks of 10 ms. A step whose library is missing is left out
with a message.
"""

import argparse
import glob
import json
import os
import re
import statistics
import subprocess
import sys
import time
import warnings

parser = argparse.ArgumentParser()
parser.add_argument("--results", required=True)
parser.add_argument("--scripts", required=True)
parser.add_argument("--data", required=True)
arguments = parser.parse_args()

warnings.filterwarnings("ignore")

DOCUMENTS = 100_000
FOLDER = os.path.join(arguments.data, "sms")


def hunch():
    """The median CPU and wall seconds of each benchmark."""
    prefix, suffix = "Current_run.HunchBenchmarks.", ".histogram.samples.tsv"
    samples = {}
    for path in glob.glob(os.path.join(arguments.results, prefix + "*" + suffix)):
        name, metric = os.path.basename(path)[len(prefix):-len(suffix)].rsplit(".", 1)
        if metric not in ("wallClock", "cpuTotal"):
            continue
        header, *lines = open(path, encoding="utf-8").read().splitlines()
        unit = {"(ms)": 1e-3, "(μs)": 1e-6, "(ns)": 1e-9}[header.split()[-1]]
        median = statistics.median(float(line) for line in lines if line) * unit
        samples.setdefault(name.replace("_", " "), {})[metric] = median
    return {name: (found["cpuTotal"], found["wallClock"]) for name, found in samples.items()}


def timed(body, rounds=3):
    """The median CPU and wall seconds of some rounds."""
    cpu, wall = [], []
    for _ in range(rounds):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        body()
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
    return statistics.median(cpu), statistics.median(wall)


def messages():
    lines = open(os.path.join(FOLDER, "documents.jsonl"), encoding="utf-8")
    return [json.loads(line) for line in lines]


def speed(part):
    """A part of speed.py in a process of its own."""
    command = [
        sys.executable, os.path.join(arguments.scripts, "speed.py"), FOLDER,
        "--documents", str(DOCUMENTS), "--only", part,
    ]
    output = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"wall\s+([\d.]+) s\s+cpu\s+([\d.]+) s", output.stdout)
    if not found:
        lines = output.stderr.strip().splitlines()
        raise ImportError(lines[-1] if lines else "no figure")
    return float(found[2]), float(found[1])


def python_in():
    documents = open(os.path.join(arguments.results, "news.jsonl"), encoding="utf-8")
    texts = [json.loads(line)["text"].lower() for line in documents]
    keywords = json.load(open(os.path.join(arguments.results, "keywords.json"), encoding="utf-8"))
    functions = [(f["label"], f["words"]) for f in keywords]
    return timed(
        lambda: [
            [label if any(word in text for word in words) else -1 for label, words in functions]
            for text in texts
        ])


def pandas_import():
    import pandas
    import sqlite3

    path = os.path.join(arguments.results, "news.csv")

    def run():
        with sqlite3.connect(":memory:") as database:
            pandas.read_csv(path, keep_default_na=False).to_sql(
                "documents", database, index=False)

    return timed(run)


def votes():
    import numpy

    rules = [
        (re.compile(f["pattern"]), f["label"])
        for f in json.load(open(os.path.join(FOLDER, "lfs.json"), encoding="utf-8"))
        if f["kind"] == "regex"
    ]
    base = [
        [(1 if label == "spam" else 0) if rule.search(m["text"].strip().lower()) else -1
         for rule, label in rules]
        for m in messages()
    ]
    repeated = [base[i % len(base)] for i in range(DOCUMENTS)]
    return numpy.array(repeated)


def snorkel_analysis():
    from snorkel.labeling import LFAnalysis

    matrix = votes()
    return timed(lambda: LFAnalysis(matrix).lf_summary(), rounds=1)


def sklearn_model():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    base = messages()
    sample = [base[i % len(base)] for i in range(20_000)]
    texts = [m["text"] for m in sample]
    gold = [m["gold"] for m in sample]
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        LogisticRegression(C=10, max_iter=300))
    return model, texts, gold


def sklearn_training():
    model, texts, gold = sklearn_model()
    return timed(lambda: model.fit(texts, gold))


def sklearn_prediction():
    model, texts, gold = sklearn_model()
    model.fit(texts, gold)
    return timed(lambda: model.predict_proba(texts))


def sklearn_latency():
    model, texts, gold = sklearn_model()
    model.fit(texts, gold)
    return timed(lambda: [model.predict_proba([text]) for text in texts[:1_000]])


STEPS = [
    ("patterns, 73, 100,000 messages (sms)", "CPython re", lambda: speed("python")),
    ("patterns, 73, 100,000 messages (sms)", "Snorkel PandasLFApplier", lambda: speed("snorkel")),
    ("keywords, 246 in 9 functions, 100,000 news items", "CPython in", python_in),
    ("label model from votes, 100,000 × 73 (sms)", "Snorkel LabelModel",
     lambda: speed("labelmodel")),
    ("report from votes, 100,000 × 73 (sms)", "Snorkel LFAnalysis", snorkel_analysis),
    ("training, 20,000 documents, 2 classes (sms), 1 thread", "scikit-learn TF-IDF + lbfgs",
     sklearn_training),
    ("prediction, 20,000 texts, 2 classes (sms)", "scikit-learn", sklearn_prediction),
    ("prediction, one text, 2 classes (sms)", "scikit-learn, 1,000 times", sklearn_latency),
    ("import, CSV of 100,000 rows", "pandas read_csv + to_sql", pandas_import),
]


def main():
    figures = hunch()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; CPU (wall) seconds, medians")
    print(f"{'work':55} {'Hunch':>16} {'peer':>18} {'ratio':>8} of    peer")
    for work, peer, run in STEPS:
        if work not in figures:
            print(f"{work:55} not measured")
            continue
        try:
            cpu, wall = run()
        except (ImportError, FileNotFoundError) as error:
            print(f"{work:55} {peer} left out: {error}")
            continue
        own_cpu, own_wall = figures[work]
        clock = "cpu" if own_cpu >= 0.1 else "wall"
        ratio = cpu / own_cpu if clock == "cpu" else wall / own_wall
        print(
            f"{work:55} {own_cpu:7.3f} ({own_wall:6.3f}) {cpu:8.2f} ({wall:7.2f})"
            f" {ratio:8.1f} {clock:5} {peer}", flush=True)


if __name__ == "__main__":
    main()
