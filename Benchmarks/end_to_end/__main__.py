"""Measures Hunch end to end, from SQLite to votes, reports and labels, beside other libraries.

    python3 Benchmarks/end_to_end --quick
    python3 Benchmarks/end_to_end --peers-python venv/bin/python

Every command of Hunch is a process of its own, measured from its start to its end; peers are
measured in the same run, their rounds between Hunch's, and only while they work. CPU seconds, user
and system together, are what ratios are made of, since other processes disturb them least.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys

import corpora
import report
import rounds as plan
import votes
from processes import Failure, run

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.dirname(HERE)
ROOT = os.path.dirname(PACKAGE)
SHARED = os.path.join(os.path.dirname(ROOT), "shared")

# How often slow peers run, unless --peer-rounds says otherwise.
PEER_ROUNDS = {
    "re2": (plan.RE2, 5), "re2-stored": (plan.RE2_STORED, 5), "python": (plan.PYTHON, 3),
    "snorkel": (plan.SNORKEL, 1), "lf-analysis": (plan.LF_ANALYSIS, 1),
    "label-model": (plan.LABEL_MODEL, 1),
}


def parse():
    parser = argparse.ArgumentParser(
        prog="end_to_end", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--hunch-bench", default=os.path.join(PACKAGE, ".build", "release", "hunch-bench"),
        help="Hunch with the 73 expressions (default: of this package's release build)")
    parser.add_argument(
        "--baseline", help="another hunch-bench to alternate with, such as an older one")
    parser.add_argument(
        "--hunch", default=os.path.join(ROOT, ".build", "release", "hunch"),
        help="Hunch itself, for the Debian packages (default: the repository's release build)")
    parser.add_argument("--peers-python", help="a Python with the peers; see README.md")
    parser.add_argument("--speed", default=os.path.join(SHARED, "peers", "speed.py"))
    parser.add_argument(
        "--data", default=os.environ.get("HUNCH_DATA") or os.path.join(SHARED, "data"))
    parser.add_argument(
        "--work", default=os.path.join(PACKAGE, ".build", "end-to-end"),
        help="where corpora and workspaces lie (default: .build/end-to-end of this package)")
    parser.add_argument(
        "--documents", type=int, nargs="*", default=[100_000, 1_000_000],
        help="sizes of the corpora of messages (default: 100000 1000000)")
    parser.add_argument("--large", action="store_true", help="10,000,000 messages too, one round")
    parser.add_argument("--without-debian", action="store_true", help="no Debian packages")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of Hunch (default: 5)")
    parser.add_argument(
        "--peer-rounds", nargs="*", default=[], metavar="PEER=N",
        help="rounds of a peer, 0 for none: " + ", ".join(
            f"{name}={count}" for name, (_, count) in PEER_ROUNDS.items()))
    parser.add_argument(
        "--quick", action="store_true", help="100,000 messages, Hunch and google-re2 only")
    parser.add_argument("--json", metavar="FILE", help="write everything to a JSON file too")
    parser.add_argument(
        "--markdown", metavar="FILE",
        help="put the tables between the marks in a file, such as docs/performance.md")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.documents, arguments.large, arguments.without_debian = [100_000], False, True
    return parser, arguments


def peer_rounds(parser, arguments):
    found = dict(PEER_ROUNDS.values())
    if arguments.quick:
        found.update({name: 0 for name in found if name not in (plan.RE2, plan.RE2_STORED)})
    for text in arguments.peer_rounds:
        name, _, count = text.partition("=")
        if name not in PEER_ROUNDS or not count.isdigit():
            parser.error(f"--peer-rounds {text}: PEER=N with one of {', '.join(PEER_ROUNDS)}")
        found[PEER_ROUNDS[name][0]] = int(count)
    return found


def machine():
    """What the figures depend on."""
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
        model = names[0] if names else model
    describe = subprocess.run(
        ["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return {
        "checkout": describe.stdout.strip() or "unknown", "processor": model, "cores": os.cpu_count(), "system": platform.platform(),
        "load": round(os.getloadavg()[0], 2),
    }


def messages(figures, arguments, systems, peers):
    """Measures on repeated messages, and checks every vote."""
    works = [
        plan.APPLY, plan.ANALYZE, plan.FIT, plan.UNCHANGED, plan.APPLY_CHANGED,
        plan.ANALYZE_CHANGED,
    ]
    for documents in arguments.documents:
        project = corpora.messages(arguments.data, arguments.work, documents)
        others = []
        if peers:
            small = documents <= 100_000
            names = [plan.RE2, plan.RE2_STORED] + ([plan.PYTHON, plan.SNORKEL] if small else [])
            others = peers.appliers(project, names)
            # Made by `re2-end-to-end`, the votes are there for the analysis.
            others += [] if small else [peers.analysis(project)]
            others += [peers.label_model(project)] if small else []
        plan.measure(figures, project, systems, works, others, arguments.rounds)
        check(project, systems, arguments.data)
        project.clean()
    if 100_000 in arguments.documents:
        # Repeated texts must not be what makes anyone fast.
        project = corpora.messages(arguments.data, arguments.work, 100_000, distinct=True)
        others = peers.appliers(project, [plan.RE2, plan.RE2_STORED]) if peers else []
        plan.measure(figures, project, systems, [plan.APPLY], others, arguments.rounds)
        check(project, systems, arguments.data)
        project.clean()
    if arguments.large:
        project = corpora.messages(arguments.data, arguments.work, 10_000_000)
        plan.measure(figures, project, systems, works[:3], [], 1, threads=(0,))
        project.clean()


def check(project, systems, data):
    """Votes as they are and with one rule changed; the workspace is that of the last round."""
    for system in systems:
        if len(systems) > 1:
            for _ in system.commands(project, 0, [plan.APPLY]):
                pass
        before = votes.check(system.binary, project, data, system.environment)
        changed = {**system.environment, **plan.CHANGED}
        command = [
            system.binary, "apply", project.folder, "--workspace", project.workspace, "--quiet"]
        run(command, changed)
        after = votes.check(
            system.binary, project, data, changed, {plan.CHANGED_RULE: plan.CHANGE})
        if after <= before:
            raise Failure(f"{project.name}: the changed rule casts no further votes")
        plan.say(
            f"{project.name}: the {before:,} votes of {system.system}, and {after:,} with one rule"
            " changed, are those of Python's re")


def debian(figures, arguments):
    if arguments.without_debian:
        return
    try:
        if not os.path.exists(arguments.hunch):
            raise Failure(f"no {arguments.hunch}; `swift build -c release` makes it")
        project = corpora.debian_packages(ROOT, arguments.work)
    except Failure as failure:
        figures.leave_out("debian-packages", "Hunch", str(failure))
        return
    system = plan.Hunch("Hunch", arguments.hunch, arguments.data)
    works = [plan.RUN, plan.APPLY, plan.ANALYZE, plan.FIT, plan.UNCHANGED]
    plan.measure(figures, project, [system], works, [], arguments.rounds)
    project.clean()


def main():
    parser, arguments = parse()
    for name in ("data", "work", "hunch_bench", "hunch", "speed"):
        setattr(arguments, name, os.path.abspath(getattr(arguments, name)))
    counts = peer_rounds(parser, arguments)
    systems = [plan.Hunch("Hunch", arguments.hunch_bench, arguments.data)]
    if arguments.baseline:
        systems.append(
            plan.Hunch("baseline", os.path.abspath(arguments.baseline), arguments.data))
    try:
        prepare(arguments, systems)
    except Failure as failure:
        sys.exit(f"end_to_end: {failure}")
    os.makedirs(arguments.work, exist_ok=True)
    figures = plan.Figures()
    try:
        peers = None
        if arguments.peers_python:
            peers = plan.Peers(arguments, counts)
            if counts[plan.RE2] or counts[plan.RE2_STORED]:
                verify(peers, figures, arguments)
        else:
            figures.leave_out("messages", "peers", "--peers-python names no Python with them")
        start = machine()
        messages(figures, arguments, systems, peers)
        debian(figures, arguments)
    except Failure as failure:
        sys.exit(f"end_to_end: {failure}")
    start["load_at_end"] = machine()["load"]
    print(", ".join(f"{name} {value}" for name, value in start.items()))
    print("CPU and wall clock: medians; peak: the highest\n")
    report.print_table(figures)
    found = report.ratios(figures)
    if arguments.quick:
        found = [ratio for ratio in found if ratio.value is not None]
    print()
    report.print_ratios(found)
    if arguments.markdown:
        report.write_markdown(arguments.markdown, start, figures, found)
    if arguments.json:
        report.write_json(arguments.json, start, figures, found)


def prepare(arguments, systems):
    """Finds out what is missing before anything is measured."""
    for system in systems:
        if not shutil.which(system.binary):
            raise Failure(f"no {system.binary}; `make -C Benchmarks end-to-end` builds it")
    if arguments.peers_python and not shutil.which(arguments.peers_python):
        raise Failure(f"--peers-python: no program {arguments.peers_python}")
    if arguments.markdown:
        report.around_marks(arguments.markdown)


def verify(peers, figures, arguments):
    """The set of google-re2 must vote as Python's `re` does, or its time says nothing."""
    try:
        run(peers.own("agree"))
    except Failure as failure:
        if "missing: " not in str(failure):
            raise
        for documents in arguments.documents:
            for system in (plan.RE2, plan.RE2_STORED):
                figures.leave_out(f"messages-{documents}", system, str(failure))


if __name__ == "__main__":
    main()
