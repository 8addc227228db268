"""Whether Hunch's votes are right: each equals what Python's `re` says."""

import os

import corpora
from processes import Failure, run


def expected_rows(data, alternatives=None):
    """The cells of `hunch export DIR votes` for each message, from Python's `re.search` on the
    stripped, lower-cased text, which is how `lfs.json` says its patterns are applied."""
    functions = corpora.rules(data, alternatives)
    header = ",".join(["id"] + [name for name, _, _ in functions])
    known = {}
    rows = []
    for message in corpora.base(data):
        text = message["text"].strip().lower()
        if text not in known:
            known[text] = ",".join(
                str(label) if pattern.search(text) else "-1" for _, pattern, label in functions)
        rows.append(known[text])
    return header, rows


def check(binary, project, data, environment=None, alternatives=None):
    """Compares the votes of every document of a project of repeated messages.

    Returns the number of votes that are no abstentions. Raises where one differs.
    """
    header, rows = expected_rows(data, alternatives)
    path = os.path.join(project.folder, "votes.csv")
    command = [
        binary, "export", project.folder, "votes", "--workspace", project.workspace, "--output",
        path, "--quiet",
    ]
    try:
        run(command, environment)
        return _compare(path, header, rows, project)
    finally:
        if os.path.exists(path):
            os.remove(path)


def _compare(path, header, rows, project):
    cast = [sum(cell != "-1" for cell in row.split(",")) for row in rows]
    total = count = 0
    with open(path, encoding="utf-8") as file:
        if file.readline().rstrip("\n") != header:
            raise Failure(f"{project.name}: the exported votes have other functions")
        for line in file:
            index, _, cells = line.rstrip("\n").partition(",")
            place = count % len(rows)
            if index != str(count) or cells != rows[place]:
                raise Failure(
                    f"{project.name}: the votes on document {index} are not those of Python's re")
            total += cast[place]
            count += 1
    if count != project.documents:
        raise Failure(f"{project.name}: {count} rows of votes, {project.documents} documents")
    return total
