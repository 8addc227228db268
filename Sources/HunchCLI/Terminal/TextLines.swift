import Hunch

/// Texts of documents as lines of a terminal.
package enum TextLines {
  /// A document's text broken into lines that fit: at its own line ends, between words, and inside
  /// words that are wider. No character of it can move the cursor or change colours.
  ///
  /// - Complexity: O(length).
  package static func wrapped(_ text: String, width: Int) -> String {
    var lines = ""
    for paragraph in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      var (line, used) = ("", 0)
      var (word, wordWidth) = ("", 0)
      func close() {
        while line.last == " " { line.removeLast() }
        lines += line + "\n"
        (line, used) = ("", 0)
      }
      func place() {
        if used > 0, used + wordWidth > width { close() }
        line += word
        used += wordWidth
        (word, wordWidth) = ("", 0)
      }
      for character in paragraph {
        if character == " " || character == "\t" {
          place()
          // A gap at the end of a full line is the line's end.
          if used < width {
            line += " "
            used += 1
          }
          continue
        }
        let shown = Excerpt.visible(String(character))
        let size = TextTable.width(shown)
        if wordWidth + size > width { place() }
        word += shown
        wordWidth += size
      }
      place()
      close()
    }
    return lines
  }
}
