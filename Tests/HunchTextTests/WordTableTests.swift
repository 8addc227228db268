import HunchText
import TestSupport
import Testing

private func words(_ text: String) -> [String] {
  let batch = TextBatch([text])
  let table = WordTable(batch)
  return table.words(of: 0).map {
    String(decoding: batch.bytes[Int(table.starts[$0])..<Int(table.ends[$0])], as: UTF8.self)
  }
}

/// Words by the definition, one scalar after the other.
private func naiveWords(_ text: String) -> [String] {
  var words: [String] = []
  var current = String.UnicodeScalarView()
  func flush() {
    if !current.isEmpty { words.append(String(current)) }
    current = String.UnicodeScalarView()
  }
  for scalar in text.unicodeScalars {
    switch CharacterTable.wordClass(of: scalar.value) {
    case .word: current.append(scalar)
    case .separator: flush()
    case .unspaced:
      flush()
      words.append(String(scalar))
    }
  }
  flush()
  return words
}

@Suite struct WordTableTests {
  @Test func findsWordsInManyScripts() {
    #expect(words("Call now! It's free_4U…") == ["Call", "now", "It", "s", "free_4U"])
    #expect(words("Привет, мир") == ["Привет", "мир"])
    #expect(words("o\u{323}\u{301} dára") == ["o\u{323}\u{301}", "dára"])
    #expect(words("我在 Berlin工作2天") == ["我", "在", "Berlin", "工", "作", "2", "天"])
    #expect(words("ok👍🏽ok") == ["ok", "ok"])
    #expect(words("한국어 조아") == ["한국어", "조아"])
    #expect(words(" \t\n") == [])
    #expect(words("") == [])
  }

  @Test func documentsHaveTheirOwnWords() {
    let batch = TextBatch(["a b", "", "b c", "d"])
    let table = WordTable(batch)
    #expect((0..<4).map(table.words(of:)) == [0..<2, 2..<2, 2..<4, 4..<5])
    #expect(table.starts == [0, 2, 3, 5, 6])
    #expect(table.ends == [1, 3, 4, 6, 7])
    #expect(WordTable(TextBatch()).documentStarts == [0])
  }

  @Test(arguments: 1...20)
  func agreesWithTheDefinition(_ seed: Int) {
    var random = SplitMix64(seed: seed)
    let texts = (0..<40).map { random.text(length: $0) }
    for text in texts { #expect(words(text) == naiveWords(text)) }
    let batch = TextBatch(texts)
    let table = WordTable(batch)
    for (document, text) in texts.enumerated() {
      let found = table.words(of: document).map {
        String(decoding: batch.bytes[Int(table.starts[$0])..<Int(table.ends[$0])], as: UTF8.self)
      }
      #expect(found == naiveWords(text))
    }
  }
}

@Suite struct CharacterTableTests {
  private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

  @Test func foldsCase() {
    let pairs = [
      ("A", "a"), ("Ẹ", "ẹ"), ("Я", "я"), ("Σ", "σ"), ("ς", "σ"), ("ẞ", "ß"), ("ſ", "s"),
      ("\u{212A}", "k"), ("\u{212B}", "å"), ("Ǆ", "ǆ"), ("ǅ", "ǆ"), ("\u{345}", "ι"), ("µ", "μ"),
      ("ᾼ", "ᾳ"), ("Ⅷ", "ⅷ"), ("𐐀", "𐐨"), ("İ", "İ"), ("ı", "ı"), ("ß", "ß"), ("Ꭰ", "ꭰ"),
      ("中", "中"), ("1", "1"), ("👍", "👍"),
    ]
    for (given, folded) in pairs {
      #expect(scalars(CaseFolding.folded(given)) == scalars(folded), "\(given)")
    }
    #expect(CaseFolding.folded("STRAẞE Αθήνας ΣΟΦΟΣ") == "straße αθήνασ σοφοσ")
  }

  @Test(arguments: 1...20)
  func foldsBatchesScalarByScalar(_ seed: Int) {
    var random = SplitMix64(seed: seed)
    let texts = (0..<40).map { random.text(length: $0) }
    let folded = CaseFolding.folded(TextBatch(texts))
    #expect(folded.count == texts.count)
    for (document, text) in texts.enumerated() {
      #expect(scalars(folded.text(at: document)) == scalars(text).map(CharacterTable.fold))
    }
    #expect(CaseFolding.folded(TextBatch()) == TextBatch())
  }

  @Test func classifiesScalars() {
    let classes: [(String, CharacterTable.WordClass)] = [
      ("aZ_09éяא٣\u{301}²Ⅷ한ㄱʼ𐐀", .word), (" .-'’\u{AD}\u{200D}\u{200B}€+👍🏽、。ⓐ\u{E000}", .separator),
      ("中〇々〻〡のカーｶไก้ລမꩠខ𠀀\u{1B000}", .unspaced),
    ]
    for (text, expected) in classes {
      for scalar in text.unicodeScalars {
        #expect(
          CharacterTable.wordClass(of: scalar.value) == expected,
          "U+\(String(scalar.value, radix: 16))")
      }
    }
  }

  /// The ranges answered without asking for properties give what the properties would.
  @Test func shortcutsAgreeWithUnicode() {
    for value in UInt32(0)..<0x110000 {
      guard let scalar = Unicode.Scalar(value) else {
        #expect(CharacterTable.wordClass(of: value) == .separator)
        #expect(CharacterTable.fold(value) == value)
        continue
      }
      let isWord =
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
          .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
          .otherNumber:
          true
        default: value == 0x5F
        }
      if isWord != (CharacterTable.wordClass(of: value) != .separator) {
        Issue.record("class of U+\(String(value, radix: 16))")
      }
      if !scalar.properties.changesWhenCaseMapped, CharacterTable.fold(value) != value {
        Issue.record("folding of U+\(String(value, radix: 16))")
      }
    }
  }

  @Test func wordsEndAtSeparatorsAndUnspacedLetters() {
    for before in [CharacterTable.WordClass.separator, .word, .unspaced] {
      for after in [CharacterTable.WordClass.separator, .word, .unspaced] {
        let isBoundary = CharacterTable.isBoundary(before, after)
        #expect(isBoundary == !(before == .word && after == .word))
      }
    }
  }
}
