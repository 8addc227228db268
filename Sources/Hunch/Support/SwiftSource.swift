import HunchModels

/// Writes rules as Swift source.
package enum SwiftSource {
  /// A text as a string literal: what could end it or is not seen is escaped.
  package static func literal(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        let properties = scalar.properties
        let isPlain: Bool =
          switch properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            false
          // A mark at the beginning would be shown upon the quotation mark.
          case .nonspacingMark, .spacingMark, .enclosingMark: result != "\""
          case .spaceSeparator: scalar == " "
          default: true
          }
        if isPlain {
          result.unicodeScalars.append(scalar)
        } else {
          result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
      }
    }
    return result + "\""
  }

  /// A case of an enum behind its dot. What is no identifier is put in backticks.
  package static func enumCase(_ name: String) -> String {
    // After a dot, only these keywords keep their meaning.
    let isReserved = ["init", "self", "Self", "Type", "Protocol"].contains(name)
    let isIdentifier =
      name.unicodeScalars.first.map { $0.properties.isXIDStart || $0 == "_" } ?? false
      && name.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
    return isIdentifier && !isReserved ? ".\(name)" : ".`\(name)`"
  }

  /// A `Keywords` rule, in lines of at most 100 columns where its words allow.
  package static func keywords(_ name: String, _ words: [String], caseName: String) -> String {
    let literals = words.map(literal)
    let short =
      "Keywords(\(literal(name)), [\(literals.joined(separator: ", "))], "
      + "votes: \(enumCase(caseName)))"
    if short.count <= 98 { return short }
    var lines = [""]
    for (index, word) in literals.enumerated() {
      let next = index + 1 < literals.count ? word + "," : word
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = next
      } else if line.count + 1 + next.count <= 92 {
        lines[lines.count - 1] += " " + next
      } else {
        lines.append(next)
      }
    }
    return "Keywords(\n  \(literal(name)),\n  [\n"
      + lines.map { "    \($0)\n" }.joined()
      + "  ], votes: \(enumCase(caseName)))"
  }

  /// A regular expression for two words with one to three words between them.
  ///
  /// Words are letters, marks, digits and underscores, so nothing in them has to be escaped.
  package static func gap(_ first: String, _ second: String) -> String {
    #"\b\#(first)\W+(?:\w+\W+){1,\#(GramIndex.longestGap)}\#(second)\b"#
  }

  /// A `Pattern` rule.
  package static func pattern(_ name: String, _ source: String, caseName: String) -> String {
    "Pattern(\(literal(name)), \(rawLiteral(source)), votes: \(enumCase(caseName)))"
  }

  /// A text as a raw string literal with as many number signs as it needs; as an ordinary one where
  /// it holds what is not seen.
  package static func rawLiteral(_ text: String) -> String {
    let escaped = literal(text).dropFirst().dropLast()
    let plain = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    // Three quotation marks would begin a text of several lines.
    guard escaped.utf8.elementsEqual(plain.utf8), !text.hasPrefix("\"\"") else {
      return literal(text)
    }
    var signs = "#"
    // A quotation mark or a backslash before the signs would end the text or begin an escape.
    while text.contains("\"" + signs) || text.contains("\\" + signs) { signs += "#" }
    return "\(signs)\"\(text)\"\(signs)"
  }

  /// A `Gazetteer` rule.
  package static func gazetteer(
    _ name: String, in base: String, caseName: String
  ) -> String {
    "Gazetteer(\(literal(name)), in: \(literal(base)), votes: \(enumCase(caseName)))"
  }

  /// A name for a function that looks for a word: `suggested_card_pin`, with a number where that is
  /// taken.
  package static func name(label: String, word: String, taken: Set<String>) -> String {
    let stem = "suggested_\(plain(label))_\(plain(word))"
    if !taken.contains(stem) { return stem }
    var number = 2
    while taken.contains("\(stem)_\(number)") { number += 1 }
    return "\(stem)_\(number)"
  }

  /// Letters, marks, digits and underscores; anything else is an underscore.
  static func plain(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(scalar.properties.isXIDContinue ? scalar : "_")
    }
    return String(result)
  }
}
