#!/usr/bin/env python3
"""One round of another library on the same documents; run as a process of its own by the Python
that has the library. Prints its CPU and wall seconds, without starting, importing and, but for
`re2-end-to-end`, reading, and its peak memory in MB, as JSON.
"""

import argparse
import json
import os
import resource
import sqlite3
import sys
import time
import warnings

import corpora
from processes import peak_megabytes

warnings.filterwarnings("ignore")


def timed(body):
    wall, cpu = time.perf_counter(), time.process_time()
    result = body()
    return result, time.process_time() - cpu, time.perf_counter() - wall


def texts(corpus):
    with sqlite3.connect(f"file:{corpus}?mode=ro", uri=True) as database:
        return [row[0] for row in database.execute("SELECT text FROM documents ORDER BY id")]


def compiled_set(functions):
    """All expressions in one set, each found anywhere in a text."""
    import re2

    patterns = re2.Set.SearchSet()
    for _, expression, _ in functions:
        patterns.Add(expression.pattern)
    patterns.Compile()
    return patterns


def re2_match(arguments):
    """The functions that match each text, as lists; stripped and lower-cased as in speed.py."""
    patterns = compiled_set(corpora.rules(arguments.data))
    documents = texts(arguments.corpus)
    return timed(lambda: [patterns.Match(text.strip().lower()) for text in documents])[1:]


def matrix(functions, documents):
    """The votes as a matrix of documents × functions, -1 where a function abstains."""
    import numpy

    patterns = compiled_set(functions)
    labels = [label for _, _, label in functions]
    votes = numpy.full((len(documents), len(functions)), -1, dtype=numpy.int8)
    for row, text in enumerate(documents):
        for function in patterns.Match(text.strip().lower()) or ():
            votes[row, function] = labels[function]
    return votes


def re2_end_to_end(arguments):
    """From SQLite to a vote matrix in a file."""
    import numpy
    import re2

    functions = corpora.rules(arguments.data)
    return timed(
        lambda: numpy.save(arguments.votes, matrix(functions, texts(arguments.corpus))))[1:]


def agree(arguments):
    """Whether the set's votes on the distinct messages are those of Python's `re`."""
    functions = corpora.rules(arguments.data)
    documents = sorted({message["text"] for message in corpora.base(arguments.data)})
    expected = [
        [label if expression.search(text.strip().lower()) else -1
         for _, expression, label in functions] for text in documents
    ]
    if matrix(functions, documents).tolist() != expected:
        sys.exit("the votes of re2.Set are not those of Python's re")
    return 0, 0


def lf_analysis(arguments):
    """The report per function with gold. The matrix is of 64-bit integers, as Snorkel's appliers
    make them."""
    import numpy
    from snorkel.labeling import LFAnalysis

    if not os.path.exists(arguments.votes):
        re2_end_to_end(arguments)
    votes = numpy.load(arguments.votes).astype(int)
    classes = [message["gold"] == "spam" for message in corpora.base(arguments.data)]
    gold = numpy.resize(numpy.array(classes, dtype=int), len(votes))
    return timed(lambda: LFAnalysis(votes).lf_summary(gold))[1:]


WORK = {
    "agree": agree, "re2-match": re2_match, "re2-end-to-end": re2_end_to_end,
    "lf-analysis": lf_analysis,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=WORK)
    parser.add_argument("--data", required=True)
    parser.add_argument("--corpus", help="a SQLite file of repeated messages")
    parser.add_argument("--votes", help="the file of the vote matrix")
    arguments = parser.parse_args()
    try:
        cpu, wall = WORK[arguments.work](arguments)
    except ImportError as error:
        sys.exit(f"missing: {error}")
    peak = peak_megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak}))


if __name__ == "__main__":
    main()
