"""Measures the loop with rules in files: compiling them, from saving a rule to the figures, from
nothing to a first run.

    python3 Benchmarks/rule_files.py [--hunch PROGRAM] [--data DIR] [--rounds 5] [--documents 100000]

Prints medians in seconds of wall time. The messages and the 73 patterns are those of `sms` in the data
folder (`HUNCH_DATA`, default `../shared/data`).
"""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def quoted(pattern):
    """A raw string literal of Swift."""
    hashes = "#"
    while '"' + hashes in pattern:
        hashes += "#"
    return f'{hashes}"{pattern}"{hashes}'


def sms(data, folder, documents):
    """A project with the messages, repeated as often as needed."""
    source = os.path.join(data, "sms")
    with open(os.path.join(source, "documents.jsonl"), encoding="utf-8") as file:
        messages = [json.loads(line) for line in file]
    with open(os.path.join(source, "lfs.json"), encoding="utf-8") as file:
        functions = json.load(file)
    rules = [
        f'  Pattern("{f["name"]}", {quoted(f["pattern"])}, votes: .{f["label"]})' for f in functions
    ]
    write(folder, "rules.swift", pack("ham, spam", "\n".join(rules)))
    with open(os.path.join(folder, "m.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "label", "split"])
        for number in range(documents):
            message = messages[number % len(messages)]
            split = ["train", "train", "train", "valid", "test"][number % 5]
            writer.writerow([number, message["text"], message["gold"], split])
    write(
        folder,
        "hunch.yaml",
        "rules: rules.swift\ncorpus: { path: corpus.sqlite, table: documents, id: id, text: text,"
        " gold: label, split: split }\n",
    )


def pack(labels, rules):
    return (
        f"import HunchLabeling\n\nenum Topic: String, LabelSet {{ case {labels} }}\n\n"
        f'let pack = RulePack("pack", for: Topic.self) {{\n{rules}\n}}\n'
    )


def mixed(count):
    """Keywords, patterns, exceptions, and a heuristic in every ten rules."""
    lines = []
    for n in range(count):
        label = "abc"[n % 3]
        if n % 10 == 0:
            lines.append(f'  Heuristic("h{n}") {{ $0.words.count < {n} ? .{label} : nil }}')
        elif n % 3 == 0:
            lines.append(
                f'  Pattern("p{n}", #"\\b(foo{n}|bar{n})\\w*"#, votes: .{label})'
                f'\n    .described("rule {n}")'
            )
        elif n % 3 == 1:
            lines.append(f'  Keywords("k{n}", ["word{n}", "other{n} thing"], votes: .{label})')
        else:
            lines.append(
                f'  Keywords("u{n}", ["wrd{n}"], votes: .{label}).unless {{ Keywords(["no{n}"]) }}'
            )
    return pack("a, b, c", "\n".join(lines))


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def timed(command, folder):
    start = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def compiling(hunch, count, rounds):
    with tempfile.TemporaryDirectory() as folder:
        write(folder, "hunch.yaml", "rules: r.swift\ncorpus: {path: c, table: t, id: i, text: x}\n")
        write(folder, "r.swift", mixed(count))
        samples = []
        for _ in range(rounds):
            shutil.rmtree(os.path.join(folder, "hunch.workspace.rules"), ignore_errors=True)
            samples.append(timed([hunch, "projects", "."], folder))
        return samples


def beginning(hunch, rounds):
    samples = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            samples.append(
                timed([hunch, "new", "t", "-q"], folder) + timed([hunch, "run", "t"], folder)
            )
    return samples


def watching(hunch, data, documents, rounds):
    """Seconds from saving a rule to the table of functions, and to the line that ends a run."""
    with tempfile.TemporaryDirectory() as folder:
        sms(data, folder, documents)
        subprocess.run(
            [hunch, "import", "m.csv", "--into", "corpus.sqlite", "--id", "id", "--text", "text",
             "--quiet"],
            cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(folder, "rules.swift"), encoding="utf-8") as file:
            rules = file.read()
        log = os.path.join(folder, "log")
        with open(log, "wb") as output:
            watch = subprocess.Popen([hunch, "watch", "."], cwd=folder, stdout=output)
        try:
            def wait(text, times):
                while True:
                    with open(log, encoding="utf-8") as file:
                        if file.read().count(text) >= times:
                            return time.monotonic()
                    time.sleep(0.005)

            wait("recorded as run 1", 1)
            time.sleep(0.5)
            tables, ends = [], []
            for number in range(rounds):
                changed = rules.replace('Pattern("r19", #"', f'Pattern("r19", #"(?:zebra{number})|')
                start = time.monotonic()
                write(folder, "rules.swift", changed)
                tables.append(wait("together: ", number + 2) - start)
                ends.append(wait(f"\nrun {number + 2}, against", 1) - start)
                time.sleep(0.5)
            return tables, ends
        finally:
            watch.terminate()
            watch.wait()


def show(what, samples):
    print(f"{what:60} {statistics.median(samples):6.2f}  ({min(samples):.2f} to {max(samples):.2f})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hunch", default=os.path.join(ROOT, ".build/release/hunch"))
    parser.add_argument(
        "--data", default=os.environ.get("HUNCH_DATA", os.path.join(ROOT, "../shared/data")))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--documents", type=int, default=100_000)
    arguments = parser.parse_args()
    hunch = os.path.abspath(arguments.hunch)
    show("hunch new t && hunch run t", beginning(hunch, arguments.rounds))
    for count in (26, 100, 300, 1000):
        show(f"{count} rules: compile, load, list", compiling(hunch, count, arguments.rounds))
    if not os.path.isdir(os.path.join(arguments.data, "sms")):
        print("no messages to watch with: the data folder has no 'sms'")
        return
    tables, ends = watching(hunch, arguments.data, arguments.documents, arguments.rounds)
    show(f"watch, {arguments.documents:,} messages, 73 patterns: to the table", tables)
    show("... to the last figure", ends)


if __name__ == "__main__":
    main()
