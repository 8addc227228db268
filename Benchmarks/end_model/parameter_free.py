"""Compares `end_model: { training: parameter-free }` with the default on the corpora with reference
votes, and prints a table of Markdown.

    python3 Benchmarks/end_model/parameter_free.py [--hunch PROGRAM] [--data DIR]

Figures are those of the classifier on the test split; seconds are those of training, once.
"""

import argparse
import importlib.machinery
import importlib.util
import json
import os
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def load(path):
    """A script of the repository as a module."""
    loader = importlib.machinery.SourceFileLoader("same_bytes", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("same_bytes", loader))
    loader.exec_module(module)
    return module


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--hunch", default=os.path.join(ROOT, ".build/release/hunch"))
    parser.add_argument(
        "--data", default=os.environ.get("HUNCH_DATA", os.path.join(ROOT, "../shared/data")))
    options = parser.parse_args()
    scripts = load(os.path.join(ROOT, "scripts/same-bytes"))
    print("| corpus | training | accuracy | macro-F1 | log-loss | passes | seconds | step, of bracket |")
    print("|---|---|---|---|---|---|---|---|")
    for name in sorted(os.listdir(options.data)):
        source = os.path.join(options.data, name)
        if not os.path.exists(os.path.join(source, "votes.csv")):
            continue
        with tempfile.TemporaryDirectory() as folder:
            project = os.path.join(folder, "project")
            scripts.shared(source, project)
            with open(os.path.join(project, "hunch.yaml"), encoding="utf-8") as file:
                text = file.read()
            for training in ("automatic", "parameter-free"):
                with open(os.path.join(project, "hunch.yaml"), "w", encoding="utf-8") as file:
                    file.write(text + f"end_model: {{ training: {training} }}\n")
                workspace = os.path.join(folder, training)
                found = json.loads(scripts.call(
                    options.hunch, "run", project, "--workspace", workspace, "--format", "json",
                    "--quiet").stdout)
                train, scores = found["train"], found["evaluate"]["classifier"]
                search = train.get("step_search")
                step = (
                    f"{search['step']:.3g}, of {search['bracket'][0]:.3g} to "
                    f"{search['bracket'][1]:.3g}" if search else "–")
                print(
                    f"| {name} | {training} | {scores['accuracy']:.3f} | {scores['macro_f1']:.3f} |"
                    f" {scores['log_loss']:.3f} | {train['epochs']} | {train['seconds']:.2f} |"
                    f" {step} |", flush=True)


if __name__ == "__main__":
    main()
