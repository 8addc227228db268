"""Writes votes and gold labels of an example as hunch-quality reads them.

Into OUTPUT: labels.json, documents.jsonl and votes.csv with numbers for ids. The example's
corpus.sqlite holds one table with id, text, label and split; an example without it is left out.
"""

import argparse
import csv
import json
import os
import sqlite3
import subprocess
import sys


def export(hunch, example, kind, folder):
    path = os.path.join(folder, kind + ".csv")
    subprocess.run(
        [hunch, "export", example, kind, "--output", path, "--quiet",
         "--workspace", os.path.join(folder, "hunch.workspace")], check=True)
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hunch", required=True)
    parser.add_argument("example")
    parser.add_argument("output")
    options = parser.parse_args()
    corpus = os.path.join(options.example, "corpus.sqlite")
    if not os.path.exists(corpus):
        print(f"{options.example}: left out: no corpus.sqlite", file=sys.stderr)
        return
    os.makedirs(options.output, exist_ok=True)
    # Columns: id, split, covered, label, then one for each class in the order of vote indices.
    labels = export(options.hunch, options.example, "posteriors", options.output)[0][4:]
    header, *rows = export(options.hunch, options.example, "votes", options.output)
    with sqlite3.connect(f"file:{corpus}?mode=ro", uri=True) as database:
        (table,), = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        documents = {
            str(identifier): (text, label, split) for identifier, text, label, split
            in database.execute(f'SELECT id, text, label, split FROM "{table}"')
        }

    def file(name):
        return open(os.path.join(options.output, name), "w", encoding="utf-8", newline="")

    with file("labels.json") as output:
        json.dump(labels, output)
    with file("votes.csv") as votes, file("documents.jsonl") as lines:
        votes.write(",".join(header) + "\n")
        for number, row in enumerate(rows):
            text, label, split = documents[row[0]]
            votes.write(",".join([str(number), *row[1:]]) + "\n")
            line = {
                "id": number, "split": split or "train", "text": text or "", "gold": label or None}
            lines.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
