import Hunch

/// Labels given by hand.
extension ReportText {
  /// A line on the gold labels that come from the workspace; nothing without.
  func workspaceLabels(_ labels: WorkspaceLabels?) -> String {
    guard let labels, labels.audit + labels.repair > 0 else { return "" }
    var parts = ["\(Figures.count(labels.audit)) audit, \(Figures.count(labels.repair)) repair"]
    if labels.replaced > 0 {
      parts.append(
        "\(Figures.count(labels.replaced)) in place of the corpus's, "
          + "\(Figures.count(labels.differing)) of another class")
    }
    let line = "gold labels from the workspace: " + parts.joined(separator: "; ")
    return style.paint(String(wrapped(line).dropLast()), .faint) + "\n"
  }

  /// Warns of labels of the workspace that nothing uses.
  func warnOfUnusedLabels(_ labels: WorkspaceLabels?) {
    guard let labels else { return }
    if labels.unknownClass > 0 {
      warn(
        "\(Figures.count(labels.unknownClass)) labels of the workspace are of classes that the "
          + "project does not have, and not used: 'hunch label DIR --list'")
    }
    if labels.notInCorpus > 0 {
      warn(
        "\(Figures.count(labels.notInCorpus)) labels of the workspace are of documents that the "
          + "corpus does not have; they are kept")
    }
    if labels.damaged > 0 {
      warn(
        "\(Figures.count(labels.damaged)) labels of the workspace are damaged, and not used: "
          + "'hunch label DIR --list' names them, --remove takes them out")
    }
  }

  func labels(_ report: LabelsReport) -> String {
    var text = "\(heading("Labels"))  \(Figures.count(report.labels.count)) in the workspace\n"
    if !report.labels.isEmpty {
      let table = TextTable(
        report.labels,
        [
          .text("document", \.id), .text("label", \.label).toned { $0.known ? nil : .bad },
          .mark("use", \.use), .mark("given", \.time).faint,
        ])
      text += table.render(style)
    }
    let unknown = Set(report.labels.filter { !$0.known }.map(\.label)).sorted()
    if !unknown.isEmpty {
      warn(
        "no class of the project, so not used: \(unknown.map(Excerpt.visible).joined(separator: ", "))"
      )
    }
    if !report.damaged.isEmpty {
      warn("damaged, so not used: \(report.damaged.map(Excerpt.visible).joined(separator: ", "))")
    }
    return text
  }

  func imported(_ report: LabelImportReport) -> String {
    "\(heading("Labels"))  \(Figures.count(report.rows)) rows: \(Figures.count(report.added)) new, "
      + "\(Figures.count(report.replaced)) in place of another label, "
      + "\(Figures.count(report.unchanged)) known\n"
  }

  // MARK: - A session

  /// What stands on the screen while a document waits for its label.
  ///
  /// - Parameters:
  ///   - texts: Whether to show the document.
  ///   - keys: Whether to list the keys, for people.
  func screen(
    _ session: LabelSession, use: GoldUse, texts: Bool = true, keys: Bool = true
  ) -> String {
    let note = session.message.isEmpty ? "" : Excerpt.visible(session.message) + "\n"
    if session.isAtEnd {
      return note + "all \(Figures.count(session.tasks.count)) done"
        + (keys ? "   u take the last one back   q quit\n" : "\n")
    }
    let task = session.tasks[session.position]
    let rule = style.paint(String(repeating: "─", count: style.width), .faint) + "\n"
    var text = heading(
      "\(Figures.count(session.position + 1)) of \(Figures.count(session.tasks.count))")
    text += "  document \(Excerpt.visible(task.id)), split \(task.split.name), for \(use.name)\n"
    if texts { text += rule + TextLines.wrapped(task.text, width: style.width) + rule }
    if session.showsVotes { text += votes(task) + rule }
    if keys { text += legend(session) }
    return text + style.paint(note, .faint)
  }

  /// What the functions say, and the label that the document has.
  private func votes(_ task: LabelTask) -> String {
    if task.votes.isEmpty, task.gold == nil { return "no function votes on it\n" }
    var table = TextTable(
      task.votes, [.text("function", \.function), .text("votes for", \.label)])
    if let gold = task.gold { table.rows.append([.init("gold label", .faint), .init(gold)]) }
    return table.render(style)
  }

  /// The keys, on as many lines as they take.
  private func legend(_ session: LabelSession) -> String {
    var parts = zip(session.keys.codes, session.classes).map { code, name in
      (code, Excerpt.visible(name))
    }
    parts += [("s", "skip"), ("u", "undo"), ("v", "votes"), ("q", "quit")]
    var text = ""
    var used = 0
    for (index, (code, name)) in parts.enumerated() {
      let size = TextTable.width(code) + 1 + TextTable.width(name)
      let isCommand = index >= session.classes.count
      if used > 0, index == session.classes.count || used + 3 + size > style.width {
        text += "\n"
        used = 0
      }
      text += (used > 0 ? "   " : "") + style.paint(code, .heading) + " "
      text += style.paint(name, isCommand ? .faint : nil)
      used += size + (used > 0 ? 3 : 0)
    }
    return text + "\n"
  }

  /// What a session did and what to do next.
  func ended(_ session: LabelSession, use: GoldUse, directory: String) -> String {
    let given = session.given.count
    var text = "stored \(Figures.count(given, "\(use.name) label"))"
    if session.skipped > 0 { text += ", skipped \(Figures.count(session.skipped))" }
    let left = session.tasks.count - session.position
    if left > 0 { text += ", \(Figures.count(left)) of \(Figures.count(session.tasks.count)) left" }
    text += "\n"
    if given > 0 { text += "'hunch run \(ShellWord.quoted(directory))' uses what is stored\n" }
    return text
  }
}
