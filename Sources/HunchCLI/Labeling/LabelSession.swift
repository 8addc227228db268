package import Hunch

/// One person going through documents: keys come in, and what to do comes out.
///
/// The session itself stores nothing and prints nothing. Whoever runs it carries out each
/// ``Action`` and then presses on.
package struct LabelSession {
  /// What a key asks for.
  package enum Action: Sendable, Equatable {
    /// Nothing is to be stored.
    case none
    /// Store a class for the document with this index, then call ``stored(replacing:)``.
    case give(document: Int, label: String)
    /// Put back what stood there before; `nil` for nothing.
    case takeBack(document: Int, former: HandLabel?)
    /// End.
    case quit
    /// The key means nothing.
    case unknown
  }

  private enum Step {
    case skipped
    case given(label: String, former: HandLabel?)
  }

  /// The documents, in order.
  package let tasks: [LabelTask]
  /// The project's classes.
  package let classes: [String]
  /// What to press for them.
  package let keys: LabelKeys
  /// The index of the document that is looked at; their number at the end.
  package private(set) var position = 0
  /// Whether the votes on the document are shown.
  package private(set) var showsVotes = false
  /// The first keys of a code.
  package private(set) var pending = ""
  /// What the last key did, in words.
  package private(set) var message = ""

  private var steps: [Step] = []

  /// Begins with the first document.
  package init(tasks: [LabelTask], classes: [String]) {
    self.tasks = tasks
    self.classes = classes
    keys = LabelKeys(classes: classes)
  }

  /// Whether all documents have been gone through; undo still goes back.
  package var isAtEnd: Bool { position == tasks.count }

  /// The labels that were given and not taken back, in the order of the documents.
  package var given: [(document: Int, label: String)] {
    steps.enumerated().compactMap { index, step in
      if case .given(let label, _) = step { (index, label) } else { nil }
    }
  }

  /// The documents that were skipped.
  package var skipped: Int { steps.count - given.count }

  /// What a key does.
  package mutating func press(_ key: Character) -> Action {
    let key = Character(key.lowercased().first.map(String.init) ?? String(key))
    message = ""
    if pending.isEmpty, let action = command(key) { return action }
    if isAtEnd { return .unknown }
    let code = pending + String(key)
    if let label = keys.index(of: code) {
      pending = ""
      return .give(document: position, label: classes[label])
    }
    if keys.isBeginning(code) {
      pending = code
      message = "\(code)…"
      return .none
    }
    pending = ""
    message = "no class has this key"
    return .unknown
  }

  private mutating func command(_ key: Character) -> Action? {
    switch key {
    case "q": return .quit
    case "u": return undo()
    case "v" where !isAtEnd:
      showsVotes.toggle()
      return Action.none
    case "s" where !isAtEnd, " " where !isAtEnd:
      steps.append(.skipped)
      advance("skipped \(tasks[position].id)")
      return Action.none
    default: return nil
    }
  }

  private mutating func undo() -> Action {
    guard let step = steps.popLast() else {
      message = "nothing to take back"
      return .none
    }
    position -= 1
    showsVotes = false
    guard case .given(_, let former) = step else {
      message = "back"
      return .none
    }
    message = "taken back"
    return .takeBack(document: position, former: former)
  }

  /// The label that the last key asked for is stored.
  ///
  /// - Parameter former: The label that it replaced in the workspace.
  package mutating func stored(_ label: String, replacing former: HandLabel?) {
    steps.append(.given(label: label, former: former))
    advance("\(tasks[position].id): \(label)")
  }

  private mutating func advance(_ message: String) {
    position += 1
    showsVotes = false
    self.message = message
  }
}
