#!/usr/bin/env python3
"""Trains text classifiers of other libraries on files of `corpora.py`, each on one thread.

    python peers.py FOLDER/headlines scikit-learn fasttext

Needs scikit-learn and numpy, or the program `fasttext` (Debian: `apt-get install fasttext`). Prints
CPU seconds of everything between reading the file and having a model, accuracy, macro-F1 and
log-loss on the test file. The penalty is that of Hunch: C = 1 / (1e-4 n).
"""

import argparse
import os
import resource
import subprocess
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"


def read(path):
    labels, texts = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            label, _, text = line.rstrip("\n").partition("\t")
            labels.append(int(label))
            texts.append(text)
    return labels, texts


def scikit_learn(train, test, penalty):
    import numpy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score, log_loss
    from sklearn.pipeline import make_union

    def words():
        return TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)

    def characters():
        return TfidfVectorizer(
            analyzer="char_wb", ngram_range=(4, 5), min_df=2, sublinear_tf=True)

    for name, vectorizer, scale in (
            ("words 1-2", words(), 1.0),
            ("words 1-2, characters 4-5", make_union(words(), characters()), 0.5 ** 0.5)):
        begin = time.process_time()
        matrix = vectorizer.fit_transform(train[1]) * scale
        middle = time.process_time()
        model = LogisticRegression(C=1 / (penalty * len(train[0])), max_iter=1000)
        model.fit(matrix, train[0])
        end = time.process_time()
        found = model.predict_proba(vectorizer.transform(test[1]) * scale)
        gold = numpy.array(test[0])
        print(
            f"scikit-learn, {name}: {end - begin:.1f} s ({middle - begin:.1f} features,"
            f" {end - middle:.1f} fit), accuracy {(found.argmax(1) == gold).mean():.4f},"
            f" macro-F1 {f1_score(gold, found.argmax(1), average='macro'):.4f},"
            f" log-loss {log_loss(gold, found):.4f}", flush=True)


def fasttext(train, test, _):
    with tempfile.TemporaryDirectory() as folder:
        for name, (labels, texts) in (("train", train), ("test", test)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                for label, text in zip(labels, texts):
                    file.write(f"__label__{label} {text.lower()}\n")
        model = os.path.join(folder, "model")
        for options in ([], ["-wordNgrams", "2"], ["-wordNgrams", "2", "-minn", "4", "-maxn", "5"]):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                ["fasttext", "supervised", "-input", os.path.join(folder, "train"), "-output",
                 model, "-thread", "1", *options], check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            found = subprocess.run(
                ["fasttext", "test", model + ".bin", os.path.join(folder, "test")],
                check=True, capture_output=True, text=True).stdout.split()
            print(
                f"fastText {' '.join(options) or '(defaults)'}: {cpu:.1f} s, accuracy"
                f" {found[found.index('P@1') + 1]}", flush=True)


SYSTEMS = {"scikit-learn": scikit_learn, "fasttext": fasttext}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stem", help="such as FOLDER/headlines")
    parser.add_argument("systems", nargs="*", default=list(SYSTEMS))
    parser.add_argument("--penalty", type=float, default=1e-4)
    arguments = parser.parse_args()
    train, test = (read(f"{arguments.stem}.{part}.tsv") for part in ("train", "test"))
    for name in arguments.systems:
        SYSTEMS[name](train, test, arguments.penalty)


if __name__ == "__main__":
    main()
