"""The projects that are measured: repeated messages in SQLite, and the Debian packages."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import time

from processes import Failure

CONFIGURATION = """\
pack: sms
corpus: { path: corpus.sqlite, table: documents, id: id, text: text, gold: gold, split: split }
seed: 0
"""


class Project:
    """A folder with `hunch.yaml`, a corpus and a workspace of the benchmark's own."""

    def __init__(self, name, folder, workspace, documents, size):
        self.name = name
        self.folder = folder
        self.workspace = workspace
        self.documents = documents
        # Bytes of text.
        self.size = size

    @property
    def corpus(self):
        return os.path.join(self.folder, "corpus.sqlite")

    def _files(self, copy=False):
        stem = self.workspace + (".kept" if copy else "")
        return [stem + suffix for suffix in ("", "-wal", "-shm")]

    def forget(self):
        """Removes the workspace."""
        for path in self._files():
            if os.path.exists(path):
                os.remove(path)

    def keep(self):
        """Copies the workspace, for `restore`."""
        for path, copy in zip(self._files(), self._files(copy=True)):
            if os.path.exists(path):
                shutil.copyfile(path, copy)

    def restore(self):
        """Makes the workspace what it was when it was kept."""
        self.forget()
        for path, copy in zip(self._files(), self._files(copy=True)):
            if os.path.exists(copy):
                shutil.copyfile(copy, path)

    def clean(self):
        """Removes the workspace and its copy."""
        self.forget()
        for copy in self._files(copy=True):
            if os.path.exists(copy):
                os.remove(copy)


def messages(data, work, documents, distinct=False):
    """The messages of `data`/sms in order, repeated to a number of documents.

    Made once and kept in `work`. Distinct ones end in a number of their own.
    """
    source = os.path.join(data, "sms", "documents.jsonl")
    if not os.path.exists(source):
        raise Failure(f"no {source}; --data or HUNCH_DATA names the folder that holds sms/")
    with open(source, "rb") as file:
        version = hashlib.sha256(b"2" + file.read()).hexdigest()
    name = f"messages-{documents}" + ("-distinct" if distinct else "")
    folder = os.path.join(work, name)
    stamp = os.path.join(folder, "made.json")
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            made = json.load(file)
        if made["version"] == version:
            return Project(
                name, folder, os.path.join(folder, "hunch.workspace"), documents, made["size"])
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(os.path.join(folder, "hunch.yaml"), "w", encoding="utf-8") as file:
        file.write(CONFIGURATION)
    size = _write(os.path.join(folder, "corpus.sqlite"), base(data), documents, distinct)
    with open(stamp, "w", encoding="utf-8") as file:
        json.dump({"version": version, "size": size}, file)
    # What was just written, Hunch reads again to see whether it changed.
    time.sleep(4)
    return Project(name, folder, os.path.join(folder, "hunch.workspace"), documents, size)


def base(data):
    """The messages as they are."""
    with open(os.path.join(data, "sms", "documents.jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _write(path, rows, documents, distinct):
    """Writes the corpus; returns the bytes of text."""
    def text(index):
        message = rows[index % len(rows)]["text"]
        return f"{message} #{index}" if distinct else message

    def values():
        for index in range(documents):
            row = rows[index % len(rows)]
            yield index, text(index), row["gold"], row["split"]

    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(
            "CREATE TABLE documents"
            " (id INTEGER PRIMARY KEY, text TEXT NOT NULL, gold TEXT, split TEXT)")
        database.executemany("INSERT INTO documents VALUES (?, ?, ?, ?)", values())
        database.commit()
        return database.execute(
            "SELECT sum(length(CAST(text AS BLOB))) FROM documents").fetchone()[0]
    finally:
        database.close()


def rules(data, alternatives=None):
    """Name, compiled expression and class index of each of the 73 functions."""
    with open(os.path.join(data, "sms", "lfs.json"), encoding="utf-8") as file:
        functions = json.load(file)
    with open(os.path.join(data, "sms", "labels.json"), encoding="utf-8") as file:
        labels = json.load(file)
    found = []
    for function in functions:
        if function["kind"] == "regex":
            added = (alternatives or {}).get(function["name"])
            pattern = function["pattern"] + ("|" + added if added else "")
            found.append((function["name"], re.compile(pattern), labels.index(function["label"])))
    return found


def debian_packages(root, work):
    """The example of that name, with a workspace in `work`."""
    folder = os.path.join(root, "examples", "debian-packages")
    corpus = os.path.join(folder, "corpus.sqlite")
    if not os.path.exists(corpus):
        raise Failure("no corpus.sqlite; `make -C examples/debian-packages` makes it")
    with sqlite3.connect(f"file:{corpus}?mode=ro", uri=True) as database:
        documents, size = database.execute(
            "SELECT count(*), sum(length(CAST(text AS BLOB))) FROM packages").fetchone()
    workspace = os.path.join(work, "debian-packages.workspace")
    return Project("debian-packages", folder, workspace, documents, size)
