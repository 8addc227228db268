#!/usr/bin/env python3
"""Makes text corpora with four classes of this machine's Debian package lists.

    python3 corpora.py FOLDER [--lists DIR] [--large 1000000]

The class is the group of the package's section. A document is a headline: a package's one-line
description or a piece of up to twelve words of its long one. Long descriptions are there after
`apt-get update -o Acquire::Languages=en`, with `-o Dir::State::lists=DIR` in a folder of its own.
Packages of one source are on the same side of the split.

Writes `NAME.train.tsv` and `NAME.test.tsv`, a line for each document: class, tab, text.

  headlines   one-line descriptions, then pieces of long ones, 100,000 for training
  large       the same, with overlapping pieces, as many as asked for
"""

import argparse
import os
import random
import re
import subprocess
import zlib

GROUPS = [
    "libs libdevel",
    "devel python perl ruby php javascript java cli-mono lisp interpreters haskell rust golang"
    " ocaml embedded vcs",
    "admin utils kernel shells database otherosfs net web httpd mail news comm",
    "x11 gnome kde xfce gnustep graphics sound video games fonts",
]
CLASS = {section: number for number, group in enumerate(GROUPS) for section in group.split()}


def stanzas(text):
    for stanza in text.split("\n\n"):
        fields, name = {}, None
        for line in stanza.split("\n"):
            if line[:1] in (" ", "\t"):
                if name:
                    fields[name] += "\n" + line
            elif ":" in line:
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        yield fields


def packages(lists):
    """Source, class, one-line description and long description ("" where there is none)."""
    options = ["-o", f"Dir::State::lists={lists}"] if lists else []
    dump = subprocess.run(
        ["apt-cache", *options, "-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=",
         "dumpavail"], capture_output=True, text=True, check=True).stdout
    folder = lists or "/var/lib/apt/lists"
    long = {}
    for file in sorted(os.listdir(folder)):
        if "Translation-en" in file:
            text = subprocess.run(
                ["/usr/lib/apt/apt-helper", "cat-file", os.path.join(folder, file)],
                capture_output=True, text=True, check=True).stdout
            for fields in stanzas(text):
                if "Package" in fields:
                    long[fields["Package"]] = fields.get("Description-en", "")
    seen = set()
    for fields in stanzas(dump):
        name = fields.get("Package")
        section = fields.get("Section", "").rpartition("/")[2]
        if not name or name in seen or section not in CLASS:
            continue
        seen.add(name)
        source = fields.get("Source", name).split(" ")[0]
        short = fields.get("Description", "").split("\n")[0]
        body = long.get(name, "").partition("\n")[2]
        yield source, CLASS[section], short, body


def pieces(body, overlapping):
    """Pieces of up to twelve words; sentences are not crossed."""
    for sentence in re.split(r"\n \.\n|\n\s+[*-]\s|(?<=[.:;!?])\s+", body):
        words = sentence.split()
        for begin in range(0, len(words), 1 if overlapping else 12):
            piece = words[begin:begin + 12]
            if len(piece) >= 4:
                yield " ".join(piece)


def write(folder, name, documents, count):
    """The first documents for training, a hash of the source keeps the others apart."""
    train = [(label, text) for source, label, text in documents if zlib.crc32(source.encode()) % 5]
    test = [(label, text) for source, label, text in documents
            if zlib.crc32(source.encode()) % 5 == 0]
    random.Random(1).shuffle(train)
    random.Random(2).shuffle(test)
    for part, rows in (("train", train[:count]), ("test", test[:50_000])):
        path = os.path.join(folder, f"{name}.{part}.tsv")
        with open(path, "w", encoding="utf-8") as file:
            for label, text in rows:
                file.write(f"{label}\t{text}\n")
        print(f"{path}: {len(rows):,} documents")


def distinct(documents):
    """One document for each text; texts with two classes are left out."""
    found = {}
    for source, label, text in documents:
        text = " ".join(text.split())
        if found.setdefault(text, (source, label))[1] != label:
            found[text] = (source, -1)
    return [(source, label, text) for text, (source, label) in found.items() if label >= 0 and text]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--lists", help="package lists elsewhere than /var/lib/apt/lists")
    parser.add_argument("--large", type=int, default=1_000_000, help="documents of `large`")
    arguments = parser.parse_args()
    os.makedirs(arguments.folder, exist_ok=True)
    found = list(packages(arguments.lists))
    shorts = [(source, label, short) for source, label, short, _ in found]
    for name, overlapping, count in (
            ("headlines", False, 100_000), ("large", True, arguments.large)):
        documents = shorts + [
            (source, label, piece) for source, label, _, body in found
            for piece in pieces(body, overlapping)]
        write(arguments.folder, name, distinct(documents), count)


if __name__ == "__main__":
    main()
