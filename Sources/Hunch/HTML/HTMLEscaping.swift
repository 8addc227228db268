import Mustache

/// HTML that the project's own code made, which a template inserts as it stands (`{{{name}}}`).
///
/// Whatever comes from a project (names, ids, texts) is a `String` and passes ``HTMLEscaping``.
struct HTMLMarkup: Sendable, MustacheCustomRenderable {
  let renderText: String

  init(_ html: String) { renderText = html }

  var isNull: Bool { false }
}

/// Makes any text safe between tags and inside quoted attributes.
///
/// The template library escapes by `Character`: a quote followed by a combining mark is one
/// character, not a quote, and would end an attribute. This escapes by Unicode scalar. Controls and
/// noncharacters, which neither HTML nor XML may contain, become U+FFFD.
package struct HTMLEscaping: MustacheContentType {
  /// The name under which templates ask for it.
  static let name = "hunch.html"

  /// Makes the name known to the template library; done once, before the first template is read.
  static let isRegistered: Bool = {
    MustacheContentTypes.register(HTMLEscaping(), named: name)
    return true
  }()

  package init() {}

  package func escapeText(_ text: String) -> String { Self.escape(text) }

  /// The text with everything replaced that could be taken for markup.
  ///
  /// - Complexity: O(bytes).
  package static func escape(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      case "\t", "\n": escaped.append(scalar)
      default: escaped.append(isAllowed(scalar.value) ? scalar : "\u{FFFD}")
      }
    }
    return String(escaped)
  }

  private static func isAllowed(_ scalar: UInt32) -> Bool {
    let isControl = scalar < 0x20 || 0x7F...0x9F ~= scalar
    let isNoncharacter = scalar & 0xFFFE == 0xFFFE || 0xFDD0...0xFDEF ~= scalar
    return !isControl && !isNoncharacter
  }
}
