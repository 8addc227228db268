public import HunchText

/// A document as a ``Heuristic`` sees it.
///
/// Everything is computed when first asked for, once per document, and shared by all rules.
/// A document is only valid inside the closure that gets it.
public struct Document {
  let store: DocumentStore
  let index: Int

  /// The text.
  public var text: String { store.text(index) }

  /// The text as UTF-8, without a copy: the cheapest way to look at it byte by byte. O(1).
  public var utf8: ArraySlice<UInt8> {
    store.batch.texts.bytes[store.batch.texts.range(at: index)]
  }

  /// The text in lower case, by the full Unicode mapping.
  public var lowercased: String { store.lowercased(index) }

  /// The words of the text, as written.
  ///
  /// A word is a run of letters, marks, digits and underscores; in scripts without spaces every
  /// letter is one. Counting them makes no strings.
  public var words: Words { Words(store: store, document: index) }

  /// The number of characters as a reader counts them.
  ///
  /// - Complexity: O(length) on first use.
  public var characterCount: Int { store.text(index).count }

  /// The number of bytes of the text in UTF-8. O(1).
  public var byteCount: Int { store.batch.texts.range(at: index).count }

  /// Whether the text contains another, case aside and in either Unicode normal form.
  ///
  /// - Complexity: O(length × needle) at worst, on bytes.
  public func contains(_ needle: String) -> Bool { store.contains(needle, index) }

  /// A field's value; `nil` where the column is NULL, of another kind, or was not named.
  func value<Value: FieldValue>(of field: Field<Value>) -> Value? {
    guard let column = store.batch.fields[field.column] else { return nil }
    return Value(field: column[index])
  }
}

/// The words of a document; see ``Document/words``.
public struct Words: RandomAccessCollection {
  let store: DocumentStore
  let document: Int

  /// The position of the first word.
  public var startIndex: Int { 0 }
  /// The position behind the last word.
  public var endIndex: Int { store.wordTable.words(of: document).count }

  /// The word at a position, as written in the text. O(1) after the first use of the text.
  public subscript(position: Int) -> Substring {
    let word = store.wordTable.words(of: document).lowerBound + position
    let base = store.batch.texts.offsets[document]
    let text = store.text(document)
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: Int(store.wordTable.starts[word]) - base)
    let end = utf8.index(utf8.startIndex, offsetBy: Int(store.wordTable.ends[word]) - base)
    return text[start..<end]
  }
}

/// Documents on their way through the rules: texts, and the fields that some rule reads.
public struct DocumentBatch: Sendable {
  /// The texts.
  public var texts: TextBatch

  /// By column name, one cell per document.
  public var fields: [String: [FieldContent]]

  /// Creates a batch; every field holds as many cells as there are texts.
  public init(texts: TextBatch, fields: [String: [FieldContent]] = [:]) {
    precondition(fields.values.allSatisfy { $0.count == texts.count })
    self.texts = texts
    self.fields = fields
  }
}

/// What has been computed of a batch's documents. Belongs to one worker.
final class DocumentStore {
  let batch: DocumentBatch
  /// The texts composed, in which rules look for what they name; the texts themselves where all are.
  private(set) lazy var composed = ComposedText.composed(batch.texts)
  /// The composed texts folded.
  private(set) lazy var folded = {
    let folding = SeparatedTexts.folding(composed)
    shifted = Set(folding.shifted)
    return folding.texts
  }()

  /// The documents whose folded text has characters at other byte offsets than the composed text;
  /// known when ``folded`` is.
  private(set) var shifted: Set<Int> = []
  private(set) lazy var wordTable = WordTable(batch.texts)
  // Empty until asked for. Not lazy: writing to an element of a lazy array copies the whole array.
  private var texts: [String?] = []
  private var lowercasedTexts: [String?] = []

  init(_ batch: DocumentBatch) { self.batch = batch }

  func text(_ index: Int) -> String {
    if texts.isEmpty { texts = Array(repeating: nil, count: batch.texts.count) }
    if let text = texts[index] { return text }
    let text = batch.texts.text(at: index)
    texts[index] = text
    return text
  }

  func lowercased(_ index: Int) -> String {
    if lowercasedTexts.isEmpty { lowercasedTexts = Array(repeating: nil, count: batch.texts.count) }
    if let text = lowercasedTexts[index] { return text }
    let lowered = text(index).lowercased()
    lowercasedTexts[index] = lowered
    return lowered
  }

  func contains(_ needle: String, _ index: Int) -> Bool {
    let pattern = Array(CaseFolding.folded(ComposedText.composed(needle)).utf8)
    guard let first = pattern.first else { return true }
    let bytes = folded.bytes
    let range = folded.range(at: index)
    guard range.count >= pattern.count else { return false }
    for start in range.lowerBound...(range.upperBound - pattern.count) where bytes[start] == first {
      if (1..<pattern.count).allSatisfy({ bytes[start + $0] == pattern[$0] }) { return true }
    }
    return false
  }
}
