import Hunch

/// What to fix first, in words.
extension ReportText {
  /// The most findings that are listed.
  private static let listedFindings = 10

  /// How a finding, or a function that one names, stands out without colour.
  static func mark(_ weight: Finding.Weight?) -> String {
    switch weight {
    case .trouble: "!"
    case .look: "?"
    case .note, nil: ""
    }
  }

  /// How it stands out with colour.
  static func tone(_ weight: Finding.Weight?) -> Style.Tone? {
    switch weight {
    case .trouble: .bad
    case .look: .doubtful
    case .note, nil: nil
    }
  }

  /// The findings that call for something to be done, most important first; empty where none does.
  ///
  /// - Parameter directory: The project's folder as the user named it, for the commands.
  func findings(_ findings: [Finding], directory: String) -> String {
    // Warnings have been printed by the step that they come from.
    let urgent = findings.filter { $0.weight != .note && $0.kind != .warning }
    if urgent.isEmpty { return "" }
    let rest = urgent.count - Self.listedFindings
    return "\(heading("Findings"))  ! what never works, ? what deserves a look\n"
      + urgent.prefix(Self.listedFindings).map { line($0, directory: directory) }.joined()
      + (rest > 0 ? "and \(rest) more in 'hunch report \(ShellWord.quoted(directory))'\n" : "")
  }

  /// A finding in words.
  ///
  /// - Parameter directory: The project's folder; `nil` leaves out the command that shows more.
  func line(_ finding: Finding, directory: String?) -> String {
    let command = directory.flatMap { directory in
      finding.command?.replacing("DIR", with: ShellWord.quoted(directory), maxReplacements: 1)
    }
    return style.paint(Self.mark(finding.weight), Self.tone(finding.weight))
      + wrapped(" " + Excerpt.visible(finding.text), indent: 2)
      + (command.map { style.paint("  see: \(Excerpt.visible($0))", .faint) + "\n" } ?? "")
  }
}
