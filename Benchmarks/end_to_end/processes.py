"""Child processes and what they use: CPU, wall clock and resident memory."""

import dataclasses
import os
import statistics
import subprocess
import tempfile
import time


class Failure(Exception):
    """A measurement that cannot be made; the message says why."""


@dataclasses.dataclass
class Sample:
    """One round. CPU is user plus system, in seconds; the peak is resident memory in MB."""

    cpu: float
    wall: float
    peak: float


def run(command, environment=None):
    """Runs a command to its end and measures the whole process.

    On Linux a child's peak is at least what this process used when it started the child, so this
    program keeps no large data.
    """
    full = {**os.environ, **(environment or {})}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, env=full, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            child.wait()
            raise
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        text = output.read().decode(errors="replace")
        if child.returncode != 0:
            lines = errors.read().decode(errors="replace").strip().splitlines() or ["no message"]
            program = " ".join(os.path.basename(part) for part in command[:2])
            raise Failure(f"{program}: {lines[-1]}")
    return Sample(usage.ru_utime + usage.ru_stime, wall, peak_megabytes(usage.ru_maxrss)), text


def peak_megabytes(maximum):
    """Megabytes (2^20) of a `ru_maxrss`, which counts kilobytes, on macOS bytes."""
    return maximum / (1 << 20 if os.uname().sysname == "Darwin" else 1 << 10)


def median(samples):
    """The median of each figure; of the peaks the highest."""
    return Sample(
        statistics.median(sample.cpu for sample in samples),
        statistics.median(sample.wall for sample in samples),
        max(sample.peak for sample in samples))
