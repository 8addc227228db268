/// The texts of a new project.
struct NewProjectFiles {
  private let name: String
  private let labels: [String]
  private let source: NewProject.Source?

  /// - Parameter source: The documents of one's own; nil for the corpus that comes with Hunch.
  init(
    name: String, labels: [String] = NewProjectCorpus.labels, source: NewProject.Source? = nil
  ) {
    (self.name, self.labels, self.source) = (name, labels, source)
  }

  var texts: [(path: String, text: String)] {
    [
      ("hunch.yaml", configuration), ("rules.swift", source == nil ? exampleRules : firstRules),
      ("README.md", readme),
      (".gitignore", "hunch.workspace*\n\(EditorFiles.databaseName)\n"),
    ]
  }

  // MARK: - Rules

  private var exampleRules: String {
    """
    import HunchLabeling

    /// The classes. Their order is the order everywhere.
    enum Feedback: String, LabelSet { case praise, problem, question }

    /// The labeling functions: each votes for a class or abstains. None needs to be right always;
    /// Hunch learns from their agreements and conflicts how far to trust each.
    let feedback = RulePack(\(SwiftSource.literal(name)), for: Feedback.self) {
      // Any of these words or phrases, in upper or lower case, as whole words.
      Keywords("kind_words", ["thanks", "thank you", "love", "great", "lovely"], votes: .praise)
        .expects(["Thank you all!": .praise, "a glove on the floor": nil])

      // The same, unless something else speaks against it.
      Keywords("broken_words", ["broken", "late", "cold", "wrong", "refund"], votes: .problem)
        .unless { Keywords(["cold brew"]) }
        .expects(["the soup was cold": .problem, "one cold brew please": nil])

      // A regular expression (PCRE2).
      Pattern("asks", #"^(do|does|can|could|is|are|when|where|what|how)\\b"#, votes: .question)
        .expects(["Can dogs come in?": .question, "I asked when you open": nil])

      // Whatever Swift can say of a document; nil abstains.
      Heuristic("exclaims") { $0.text.hasSuffix("!") && $0.words.count < 12 ? .praise : nil }
        .expects(["Best buns in town!": .praise, "Best buns in town": nil])
    }

    """
  }

  /// A rule for each class that looks for its name: something to begin with.
  private var firstRules: String {
    let cases = caseNames
    var text = """
      import HunchLabeling

      /// The classes. Their order is the order everywhere.
      enum Label: String, LabelSet {

      """
    for (name, label) in zip(cases, labels) {
      text +=
        name == label ? "  case \(name)\n" : "  case \(name) = \(SwiftSource.literal(label))\n"
    }
    text += """
      }

      /// The labeling functions: each votes for a class or abstains. None needs to be right always;
      /// Hunch learns from their agreements and conflicts how far to trust each.
      ///
      /// To begin with, each class is looked for by its name. Put words there that people use. Other
      /// kinds of rules:
      ///
      ///     Pattern("asks", #"^(when|where|how)\\b"#, votes: …)         // a regular expression
      ///     Heuristic("short") { $0.words.count < 5 ? … : nil }        // whatever Swift can say
      let rules = RulePack(\(SwiftSource.literal(name)), for: Label.self) {

      """
    for (name, label) in zip(cases, labels) {
      let words = label.split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
      let rule = SwiftSource.keywords(
        "names_\(name)", [words.isEmpty ? label : words.lowercased()], caseName: name)
      text += rule.split(separator: "\n").map { "  \($0)\n" }.joined()
    }
    return text + "}\n"
  }

  /// Names of enum cases for the classes: the class itself where it is an identifier, else its words
  /// put together.
  private var caseNames: [String] {
    var taken: Set<String> = []
    return labels.map { label in
      let name = Self.caseName(label)
      var free = name
      var number = 2
      while !taken.insert(free).inserted {
        free = "\(name)\(number)"
        number += 1
      }
      return free
    }
  }

  private static func caseName(_ label: String) -> String {
    if isIdentifier(label) { return label }
    let words = label.split { !$0.isASCII || !$0.isLetter && !$0.isNumber }
    guard let first = words.first else { return "label" }
    let name =
      first.lowercased()
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined()
    return isIdentifier(name) ? name : "label" + name.prefix(1).uppercased() + name.dropFirst()
  }

  private static func isIdentifier(_ name: String) -> Bool {
    let isWord =
      name.first.map { $0.isASCII && $0.isLetter } ?? false
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    return isWord && !reserved.contains(name)
  }

  /// Words of the language that are no names of cases without backticks.
  private static let reserved: Set<String> = [
    "Any", "Protocol", "Self", "Type", "actor", "as", "associatedtype", "break", "case", "catch",
    "class", "continue", "default", "defer", "deinit", "do", "else", "enum", "extension",
    "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init",
    "inout", "internal", "is", "let", "nil", "none", "operator", "precedencegroup", "private",
    "protocol", "public", "repeat", "rethrows", "return", "self", "some", "static", "struct",
    "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where",
    "while",
  ]

  // MARK: - The others

  private var configuration: String {
    var text = """
      rules: rules.swift
      corpus:
        path: corpus.sqlite       # replace with yours: 'hunch import FILE --into corpus.sqlite'
        table: documents

      """
    func line(_ key: String, _ value: String, _ remark: String? = nil) {
      let plain = value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      let entry = "  \(key): \(plain ? value : SwiftSource.literal(value))"
      let room = String(repeating: " ", count: max(1, 28 - entry.count))
      text += entry + (remark.map { "\(room)# \($0)" } ?? "") + "\n"
    }
    line("id", source?.id ?? "id")
    line("text", source?.text ?? "text")
    let label = source == nil ? "label" : source?.label
    if let label { line("gold", label, "class names where they are known") }
    let split = source == nil ? "split" : source?.split
    if let split { line("split", split, "train, valid or test") }
    if source == nil {
      text += "checks:                     # 'hunch test' fails where one does not hold\n"
      text += "  rules_that_never_vote: 0\n  coverage: 0.6\n"
    }
    return text
  }

  private var readme: String {
    let documents =
      source == nil
      ? "`corpus.sqlite` holds \(NewProjectCorpus.documents.count) short messages to a café, to try it on."
      : "`corpus.sqlite` holds the documents."
    return """
      # \(name)

      Labels for texts, from rules. `rules.swift` holds the rules, `hunch.yaml` says where the
      documents are. \(documents)

          hunch run         # compiles the rules, runs them, learns how far to trust each, trains
          hunch watch       # the same on every save
          hunch test        # runs the examples beside the rules and the checks of hunch.yaml
          hunch report      # all of it as one HTML page
          hunch editor      # makes completion and errors work in an editor, after a clone or a move

      Rules are code and run with your rights, as a Makefile's commands do.

      """
  }
}
