"""Prints the figures as a table, and the ratios with what is wanted of them beside."""

import dataclasses
import json

from processes import Failure
from rounds import (
    ANALYZE, ANALYZE_CHANGED, APPLY, APPLY_CHANGED, FIT, LABEL_MODEL, LF_ANALYSIS, PYTHON, RE2,
    RE2_STORED, RUN, SNORKEL, UNCHANGED)

SMALL, MIDDLE, LARGE = "messages-100000", "messages-1000000", "messages-10000000"
DISTINCT = SMALL + "-distinct"


@dataclasses.dataclass
class Ratio:
    """A figure with its target; `value` is `None` where a part of it was not measured."""

    name: str
    value: float | None
    unit: str = "x"
    at_least: float | None = None
    at_most: float | None = None

    @property
    def target(self):
        if self.at_least is not None:
            return f">= {self.at_least:g} {self.unit}"
        return f"<= {self.at_most:g} {self.unit}" if self.at_most is not None else ""

    @property
    def text(self):
        if self.value is None:
            return "-"
        return f"{self.value:,.{0 if self.value >= 100 else 2}f} {self.unit}"

    @property
    def verdict(self):
        if self.value is None:
            return "not measured"
        if self.at_least is not None:
            return "met" if self.value >= self.at_least else "missed"
        if self.at_most is not None:
            return "met" if self.value <= self.at_most else "missed"
        return ""


def lines(figures):
    """One dictionary per row."""
    found = []
    for row, samples in figures.samples.items():
        middle = figures.median(row.corpus, row.work, row.system, row.threads)
        project = figures.projects[row.corpus]
        found.append({
            "corpus": row.corpus, "work": row.work, "system": row.system,
            "threads": row.threads or "all", "rounds": len(samples),
            "documents_per_cpu_second": project.documents / middle.cpu,
            "megabytes_per_cpu_second": project.size / 1e6 / middle.cpu,
            "cpu": middle.cpu, "wall": middle.wall, "peak_megabytes": middle.peak,
            "samples": [dataclasses.asdict(sample) for sample in samples],
        })
    return found


def ratios(figures):
    """The ratios of one run, with CPU seconds of Hunch with all cores, start of the process
    included."""
    def cpu(corpus, work, system="Hunch", threads=0):
        middle = figures.median(corpus, work, system, threads)
        return middle.cpu if middle else None

    def peer(corpus, work, system, own=APPLY):
        return divide(cpu(corpus, work, system, 1), cpu(corpus, own))

    steps = [figures.median(MIDDLE, work) for work in (APPLY, ANALYZE, FIT)]
    complete = all(steps)
    small = "100,000 messages, apply: {} / Hunch"
    return [
        Ratio(small.format(SNORKEL), peer(SMALL, APPLY, SNORKEL), at_least=400),
        Ratio(small.format(PYTHON), peer(SMALL, APPLY, PYTHON), at_least=60),
        Ratio(small.format(RE2_STORED), peer(SMALL, APPLY, RE2_STORED), at_least=1.5),
        Ratio(small.format(RE2), peer(SMALL, APPLY, RE2), at_least=1.5),
        Ratio(
            "1,000,000 messages: apply + analyze + fit, CPU",
            sum(step.cpu for step in steps) if complete else None, "s", at_most=10),
        Ratio(
            "1,000,000 messages: apply + analyze + fit, wall clock",
            sum(step.wall for step in steps) if complete else None, "s", at_most=10),
        Ratio(
            "1,000,000 messages: apply, analyze, fit, highest peak",
            max(step.peak for step in steps) if complete else None, "MB", at_most=300),
        Ratio(
            "1,000,000 messages: one rule changed, to the new report, CPU",
            cpu(MIDDLE, ANALYZE_CHANGED), "s", at_most=1.5),
        Ratio(
            f"1,000,000 x 73 with gold: {LF_ANALYSIS} / Hunch analyze",
            peer(MIDDLE, ANALYZE, LF_ANALYSIS, ANALYZE), at_least=50),
    ] + growth(figures) + others(figures, peer)


def growth(figures):
    """From 1,000,000 to 10,000,000 documents: ten times the time, the same memory."""
    if not any(row.corpus == LARGE for row in figures.samples):
        return []
    found = []
    for work in (APPLY, ANALYZE, FIT):
        large, middle = figures.median(LARGE, work), figures.median(MIDDLE, work)
        both = large and middle
        found.append(Ratio(
            f"10,000,000 / 1,000,000 messages: {work}, CPU",
            large.cpu / middle.cpu if both else None, at_most=11))
        found.append(Ratio(
            f"10,000,000 / 1,000,000 messages: {work}, peak",
            large.peak / middle.peak if both else None, at_most=1.1))
    return found


def others(figures, peer):
    """Ratios without a target: other peers, cores, and another binary."""
    found = [
        Ratio(
            f"100,000 distinct messages, apply: {RE2_STORED} / Hunch",
            peer(DISTINCT, APPLY, RE2_STORED)),
        Ratio(f"100,000 x 73: {LABEL_MODEL} / Hunch fit", peer(SMALL, FIT, LABEL_MODEL, FIT)),
    ]
    for corpus in figures.projects:
        for work in (APPLY, ANALYZE, FIT, RUN):
            one, all_cores = figures.median(corpus, work, threads=1), figures.median(corpus, work)
            if one and all_cores:
                found.append(Ratio(
                    f"{corpus}: {work}, wall clock, 1 thread / all cores",
                    one.wall / all_cores.wall))
        for work in (APPLY, ANALYZE, FIT, UNCHANGED, APPLY_CHANGED, ANALYZE_CHANGED, RUN):
            before, now = figures.median(corpus, work, "baseline"), figures.median(corpus, work)
            if before and now:
                found.append(Ratio(
                    f"{corpus}: {work}, CPU, baseline / Hunch", before.cpu / now.cpu))
    return [ratio for ratio in found if ratio.value is not None]


def divide(peer, own):
    return peer / own if peer is not None and own is not None else None


def print_table(figures):
    header = (
        f"{'corpus':24} {'work':25} {'system':38} {'threads':>7} {'rounds':>6} {'CPU s':>8}"
        f" {'wall s':>8} {'documents/CPU-s':>16} {'MB/CPU-s':>9} {'peak MB':>8}")
    print(header)
    for line in lines(figures):
        print(
            f"{line['corpus']:24} {line['work']:25} {line['system']:38} {line['threads']:>7}"
            f" {line['rounds']:6} {line['cpu']:8.3f} {line['wall']:8.3f}"
            f" {line['documents_per_cpu_second']:16,.0f} {line['megabytes_per_cpu_second']:9.1f}"
            f" {line['peak_megabytes']:8.0f}")
    for (corpus, system), reason in figures.missing.items():
        print(f"{corpus:24} {system}: left out: {reason}")


def print_ratios(found):
    print(f"{'ratio':78} {'value':>12} {'target':>12}")
    for ratio in found:
        print(f"{ratio.name:78} {ratio.text:>12} {ratio.target:>12}  {ratio.verdict}".rstrip())


BEGIN, END = "<!-- figures of end_to_end: begin -->", "<!-- figures of end_to_end: end -->"


def around_marks(path):
    """What stands before and after the place for the tables in a Markdown file."""
    try:
        with open(path, encoding="utf-8") as file:
            before, begin, rest = file.read().partition(BEGIN)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from None
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Failure(f"{path} has no lines '{BEGIN}' and '{END}'")
    return before, after


def write_markdown(path, machine, figures, found):
    """Puts both tables between the two marks of a Markdown file."""
    before, after = around_marks(path)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join([before + BEGIN, "", *_markdown(machine, figures, found), END + after]))


def _markdown(machine, figures, found):
    yield ", ".join(f"{name} {value}" for name, value in machine.items()) + "."
    yield from (
        "", "| ratio | value | target | |", "|---|---|---|---|",
        *(f"| {ratio.name} | {ratio.text} | {ratio.target} | {ratio.verdict} |" for ratio in found),
        "")
    yield (
        "| corpus | work | system | threads | rounds | CPU s | wall s | documents/CPU-s"
        " | MB/CPU-s | peak MB |")
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for line in lines(figures):
        yield (
            f"| {line['corpus']} | {line['work']} | {line['system']} | {line['threads']}"
            f" | {line['rounds']} | {line['cpu']:.3f} | {line['wall']:.3f}"
            f" | {line['documents_per_cpu_second']:,.0f} | {line['megabytes_per_cpu_second']:.1f}"
            f" | {line['peak_megabytes']:.0f} |")
    for (corpus, system), reason in figures.missing.items():
        yield f"| {corpus} | | {system} left out: {reason} | | | | | | | |"
    yield ""


def write_json(path, machine, figures, found):
    document = {
        "machine": machine,
        "rows": lines(figures),
        "left_out": [
            {"corpus": corpus, "system": system, "reason": reason}
            for (corpus, system), reason in figures.missing.items()
        ],
        "ratios": [
            {"name": ratio.name, "value": ratio.value, "unit": ratio.unit,
             "at_least": ratio.at_least, "at_most": ratio.at_most, "verdict": ratio.verdict}
            for ratio in found
        ],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.write("\n")
