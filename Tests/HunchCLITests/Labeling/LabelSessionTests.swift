import Hunch
import HunchCLI
import Testing

/// Keys in, what to store out.
@Suite("A labeling session")
struct LabelSessionTests {
  private func session(_ count: Int = 3, classes: [String] = ["ham", "spam"]) -> LabelSession {
    LabelSession(
      tasks: (1...count).map {
        LabelTask(id: "\($0)", split: .train, text: "text", votes: [], gold: nil)
      }, classes: classes)
  }

  private let former = HandLabel(
    id: "1", label: "ham", use: .repair, time: "2026-11-21T18:30:00Z")

  /// Presses keys and stores what they ask for.
  private func press(_ keys: String, _ session: inout LabelSession) -> [LabelSession.Action] {
    keys.map { key in
      let action = session.press(key)
      if case .give(let document, let label) = action {
        #expect(document == session.position)
        session.stored(label, replacing: document == 0 ? former : nil)
      }
      return action
    }
  }

  private func given(_ session: LabelSession) -> [String] {
    session.given.map { "\($0.document) \($0.label)" }
  }

  @Test("labels, skips and the end")
  func plain() {
    var session = session()
    #expect(
      press("hsp", &session) == [
        .give(document: 0, label: "ham"), .none, .give(document: 2, label: "spam"),
      ])
    #expect(session.isAtEnd && session.skipped == 1)
    #expect(given(session) == ["0 ham", "2 spam"])
    #expect(press("hsv q", &session) == [.unknown, .unknown, .unknown, .unknown, .quit])
    #expect(given(session) == ["0 ham", "2 spam"], "nothing happens behind the end but undo")
  }

  @Test("undo goes back one answer at a time and puts back what stood there")
  func undo() {
    var session = session()
    #expect(press("u", &session) == [.none])
    _ = press("p p", &session)
    #expect(session.isAtEnd)
    #expect(press("u", &session) == [.takeBack(document: 2, former: nil)])
    #expect(session.position == 2 && given(session) == ["0 spam"])
    #expect(press("u", &session) == [.none], "a skipped document has nothing to take back")
    #expect(session.position == 1 && session.skipped == 0)
    #expect(press("u", &session) == [.takeBack(document: 0, former: former)])
    #expect(press("u", &session) == [.none])
    #expect(session.position == 0 && session.given.isEmpty)
    _ = press("hhh", &session)
    #expect(given(session) == ["0 ham", "1 ham", "2 ham"])
  }

  @Test("an answer that could not be stored is none")
  func failure() {
    var session = session()
    #expect(session.press("h") == .give(document: 0, label: "ham"))
    #expect(session.position == 0 && session.given.isEmpty)
  }

  @Test("votes are hidden for each document anew")
  func votes() {
    var session = session()
    #expect(!session.showsVotes)
    _ = press("v", &session)
    #expect(session.showsVotes)
    _ = press("h", &session)
    #expect(!session.showsVotes)
    _ = press("vu", &session)
    #expect(!session.showsVotes && session.position == 0)
    _ = press("vv", &session)
    #expect(!session.showsVotes)
  }

  @Test("capital letters are the same keys, other keys are none")
  func others() {
    var session = session()
    #expect(
      press("xé7H", &session) == [
        .unknown, .unknown, .unknown, .give(document: 0, label: "ham"),
      ])
    #expect(press("Q", &session) == [.quit])
  }

  // MARK: - Keys

  @Test("the keys of a few classes are letters of their names")
  func letters() {
    #expect(LabelKeys(classes: ["ham", "spam"]).codes == ["h", "p"])
    #expect(LabelKeys(classes: ["Sweet", "sour"]).codes == ["w", "o"])
    #expect(
      LabelKeys(classes: ["card", "transfer", "fees", "access", "account", "loan"]).codes
        == ["c", "t", "f", "a", "o", "l"])
    #expect(LabelKeys(classes: ["да", "нет", "us", "suv"]).codes == ["1", "2", "3", "4"])
  }

  @Test("any number of classes has codes that are told apart", arguments: Array(1...110) + [1_100])
  func codes(count: Int) {
    let classes = (0..<count).map { "class \($0)" }
    let keys = LabelKeys(classes: classes)
    #expect(Set(keys.codes).count == count)
    #expect(Set(keys.codes.map(\.count)) == [keys.length])
    #expect(keys.length == (count <= 32 ? 1 : count <= 1024 ? 2 : 3))
    #expect(keys.codes.allSatisfy { code in code.allSatisfy { !"suqv".contains($0) } })
    var session = session(count, classes: classes)
    for code in keys.codes { _ = press(code, &session) }
    #expect(session.given.map(\.label) == classes)
  }

  @Test("the beginning of a code waits for its end, and a wrong end takes nothing")
  func beginnings() {
    var session = session(3, classes: (0..<40).map { "c\($0)" })
    #expect(press("1", &session) == [.none])
    #expect(session.pending == "1" && session.message == "1…")
    #expect(press("7", &session) == [.give(document: 0, label: "c17")])
    #expect(press("3s", &session) == [.none, .unknown])
    #expect(session.pending.isEmpty && session.position == 1)
    #expect(press("39", &session) == [.none, .give(document: 1, label: "c39")])
    #expect(press("45", &session) == [.unknown, .unknown])
  }

  // MARK: - Lines

  @Test("texts fit the width and cannot drive the terminal")
  func lines() {
    #expect(TextLines.wrapped("one two three", width: 7) == "one two\nthree\n")
    #expect(TextLines.wrapped("one two three", width: 8) == "one two\nthree\n")
    #expect(TextLines.wrapped("abcdefghij kl", width: 4) == "abcd\nefgh\nij\nkl\n")
    #expect(TextLines.wrapped("a\n\nb\r\nc\td", width: 10) == "a\n\nb\nc d\n")
    #expect(TextLines.wrapped("", width: 10) == "\n")
    #expect(TextLines.wrapped("漢字漢字漢", width: 4) == "漢字\n漢字\n漢\n")
    #expect(TextLines.wrapped("  in", width: 10) == "  in\n")
    #expect(
      TextLines.wrapped("\u{1B}[2J\u{9B}31m\u{7}\u{202E}x\u{8}", width: 20)
        == "␛[2J\u{FFFD}31m␇\u{FFFD}x␈\n")
    for width in [1, 5, 20] {
      let text = TextLines.wrapped(
        "aa bbb\u{301} 漢 \u{1B}c dddddddddddddd\u{0}e \u{2028}f", width: max(2, width))
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }
}
