"""What is measured: rounds of Hunch's commands, alternating with rounds of other libraries."""

import dataclasses
import json
import os
import re
import sys

from processes import Failure, Sample, median, run

# What one rule votes on in addition where its author changes it; it matches some messages.
CHANGED_RULE = "r19"
CHANGE = r"( |^)sorry[^\w]*( |$)"
CHANGED = {"HUNCH_BENCH_CHANGE": f"{CHANGED_RULE}={CHANGE}"}

# Peers count CPU seconds of one thread.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}

APPLY, ANALYZE, FIT = "apply, cold", "analyze, with gold", "fit"
UNCHANGED = "apply, unchanged"
APPLY_CHANGED, ANALYZE_CHANGED = "apply, one rule changed", "analyze, one rule changed"
RUN = "run, cold"

RE2, RE2_STORED = "google-re2 Set, matching only", "google-re2 Set, SQLite to stored votes"
PYTHON, SNORKEL = "Python re", "Snorkel PandasLFApplier"
LF_ANALYSIS, LABEL_MODEL = "Snorkel LFAnalysis", "Snorkel LabelModel"


def say(message):
    """Progress, on standard error."""
    print(message, file=sys.stderr, flush=True)


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table: a piece of work on a corpus by a system. Threads 0 means all cores."""

    corpus: str
    work: str
    system: str
    threads: int


class Figures:
    """The samples of each row, in the order in which rows first appear."""

    def __init__(self):
        self.samples = {}
        self.missing = {}
        self.projects = {}

    def add(self, row, sample):
        self.samples.setdefault(row, []).append(sample)

    def leave_out(self, corpus, system, reason):
        if (corpus, system) not in self.missing:
            self.missing[corpus, system] = reason
            say(f"{corpus}: {system} left out: {reason}")

    def median(self, corpus, work, system="Hunch", threads=0):
        """The median of a row, `None` where it was not measured."""
        samples = self.samples.get(Row(corpus, work, system, threads))
        return median(samples) if samples else None


class Hunch:
    """A binary of Hunch as a system to measure."""

    def __init__(self, system, binary, data):
        self.system = system
        self.binary = binary
        self.environment = {"HUNCH_DATA": data}

    def commands(self, project, threads, works):
        """Runs some works in order, each as a process of its own; yields its row and sample."""
        for work in works:
            if work in (APPLY, RUN):
                project.forget()
            changed = work in (APPLY_CHANGED, ANALYZE_CHANGED)
            if changed:
                project.keep()
            command = [
                self.binary, work.split(",")[0], project.folder, "--workspace", project.workspace,
                "--quiet", "--format", "json",
            ]
            if threads:
                command += ["--threads", str(threads)]
            environment = {**self.environment, **(CHANGED if changed else {})}
            sample, _ = run(command, environment)
            yield Row(project.name, work, self.system, threads), sample
            if changed:
                project.restore()


class Peer:
    """Another library's work, done by `peers.py` or `speed.py` under a Python that has it."""

    def __init__(self, system, work, command, rounds):
        self.system = system
        self.work = work
        self.command = command
        self.rounds = rounds

    def sample(self):
        _, text = run(self.command, ONE_THREAD)
        found = re.search(r"wall\s+([\d.]+) s\s+cpu\s+([\d.]+) s.*peak\s+(\d+) MB", text)
        if found:
            return Sample(float(found[2]), float(found[1]), float(found[3]))
        return Sample(**json.loads(text))


class Peers:
    """The peers that there are for a project of repeated messages."""

    def __init__(self, arguments, rounds):
        self.python = arguments.peers_python
        self.speed = arguments.speed
        self.data = arguments.data
        self.rounds = rounds
        self.script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers.py")

    def own(self, work, project=None):
        command = [self.python, self.script, work, "--data", self.data]
        if project:
            command += ["--corpus", project.corpus, "--votes", self.votes(project)]
        return command

    def votes(self, project):
        return os.path.join(project.folder, "re2-votes.npy")

    def speed_script(self, part, project):
        return [
            self.python, self.speed, os.path.join(self.data, "sms"), "--documents",
            str(project.documents), "--only", part,
        ]

    def appliers(self, project, names):
        """What applies 73 expressions; `names` selects."""
        commands = {
            RE2: self.own("re2-match", project),
            RE2_STORED: self.own("re2-end-to-end", project),
            PYTHON: self.speed_script("python", project),
            SNORKEL: self.speed_script("snorkel", project),
        }
        return [Peer(name, APPLY, commands[name], self.rounds[name]) for name in names]

    def analysis(self, project):
        return Peer(
            LF_ANALYSIS, ANALYZE, self.own("lf-analysis", project), self.rounds[LF_ANALYSIS])

    def label_model(self, project):
        return Peer(
            LABEL_MODEL, FIT, self.speed_script("labelmodel", project), self.rounds[LABEL_MODEL])


def measure(figures, project, systems, works, peers, rounds, threads=(1, 0)):
    """Measures systems and peers on a project, alternating round by round."""
    figures.projects[project.name] = project
    last = max([rounds] + [peer.rounds for peer in peers])
    for number in range(last):
        say(f"{project.name}: round {number + 1} of {last}")
        if number < rounds:
            for system in systems:
                for count in threads:
                    for row, sample in system.commands(project, count, works):
                        figures.add(row, sample)
        for peer in peers:
            if number >= peer.rounds or (project.name, peer.system) in figures.missing:
                continue
            try:
                figures.add(Row(project.name, peer.work, peer.system, 1), peer.sample())
            except Failure as failure:
                figures.leave_out(project.name, peer.system, str(failure))
