/// A file seen through a window of bytes that moves forward.
///
/// The window begins at ``start``, where the row under way begins; it grows by whole blocks and
/// forgets what was consumed, so that memory follows the longest row, not the file. The window
/// holds UTF-8, whatever the file's encoding; a Ctrl-Z that ends the file is left out.
final class ByteStream {
  /// The storage; valid between ``start`` and ``end``.
  private(set) var bytes: [UInt8] = []
  private(set) var start = 0
  private(set) var end = 0
  /// The line on which ``start`` stands, from 1.
  var line = 1
  /// The encoding that the file is in where it is not UTF-8.
  private(set) var encoding: String?
  private var isExhausted = false
  /// Whether the window holds UTF-8; until then bytes as they are.
  private var hasBegun = false
  private var file: InputFile
  private let blockSize: Int
  /// The encoding that was asked for.
  private let wanted: String?
  private var decoder: EncodingDecoder?

  init(_ file: InputFile, blockSize: Int, encoding: String? = nil) {
    self.file = file
    self.blockSize = max(1, blockSize)
    wanted = encoding
  }

  /// The byte-order mark of UTF-8.
  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  var path: String { file.path }
  /// The number of bytes in the window.
  var available: Int { end - start }

  /// The first bytes in the window, at most so many.
  func first(_ count: Int) -> ArraySlice<UInt8> { bytes[start..<min(end, start + count)] }

  /// Appends a block to the window.
  ///
  /// - Returns: Whether there was anything left to read.
  func fill() throws(TableError) -> Bool {
    if isExhausted { return false }
    if start > 0 {
      bytes.moveToFront(start..<end)
      (start, end) = (0, available)
    }
    let before = end
    // Whether a Ctrl-Z is the last byte shows when there is no more.
    repeat { try appendBlock() } while !isExhausted && (end == before || bytes[end - 1] == 0x1A)
    if hasBegun, end > before { dropEndMark() }
    return end > before
  }

  /// Leaves out the Ctrl-Z with which old systems end a text.
  private func dropEndMark() {
    if isExhausted, available > 0, bytes[end - 1] == 0x1A { end -= 1 }
  }

  private func appendBlock() throws(TableError) {
    // A long row reads as much again as it has, so that its bytes are moved O(1) times each.
    let wanted = max(blockSize, min(end, 1 << 24))
    makeRoom(wanted)
    let received = try file.read(into: &bytes, at: end, count: wanted)
    isExhausted = received == 0
    end += received
    if let decoder { decode(from: end - received, decoder) }
  }

  /// Puts text in place of the bytes from a place on.
  private func decode(from place: Int, _ decoder: EncodingDecoder) {
    let text = decoder.decode(bytes[place..<end], isLast: isExhausted)
    end = place
    makeRoom(text.count)
    bytes.replaceSubrange(end..<end + text.count, with: text)
    end += text.count
  }

  private func makeRoom(_ count: Int) {
    if bytes.count < end + count {
      bytes += [UInt8](repeating: 0, count: end + count - bytes.count)
    }
  }

  /// Moves the beginning of the window forward.
  func consume(_ count: Int) { start += count }

  /// Finds the encoding and skips byte-order marks at the beginning of the file, repeated ones too.
  func begin() throws(TableError) {
    (decoder, hasBegun) = (nil, false)
    encoding = try chosenEncoding()
    if let encoding {
      guard let decoder = EncodingDecoder(encoding) else {
        throw .unknownEncoding(wanted ?? encoding)
      }
      decode(from: start, decoder)
      self.decoder = decoder
    }
    hasBegun = true
    dropEndMark()
    while true {
      while available < 3, try fill() {}
      if !first(3).elementsEqual(Self.mark) { return }
      consume(3)
    }
  }

  /// The encoding to decode; `nil` for UTF-8.
  private func chosenEncoding() throws(TableError) -> String? {
    var name: String?
    if let wanted {
      guard let known = TextEncoding.systemName(wanted) else { throw .unknownEncoding(wanted) }
      if known == "UTF-8" { return nil }
      if known != "UTF-16", known != "UTF-32" { return known }
      name = known + "LE"
    }
    var lineEnd: Int?
    while lineEnd == nil, available < 4096, try fill() {
      lineEnd = bytes[start..<end].dropLast().firstIndex(of: DelimitedScanner.lineFeed)
    }
    let last = min(end, start + 4096, (lineEnd ?? end) + 2)
    return TextEncoding.sniff(bytes[start..<last]) ?? name
  }

  /// What is wrong with bytes that are no text in the file's encoding.
  func invalidText(in column: String?) -> RowProblem {
    encoding.map { .invalidText(column: column, encoding: $0) } ?? .invalidUTF8(column: column)
  }

  /// Begins again, from a copy where the file itself cannot be read twice.
  func rewind() throws(TableError) {
    try file.rewind()
    (start, end, line, isExhausted) = (0, 0, 1, false)
    try begin()
  }

  /// Makes sure that the file can be read twice.
  func makeRewindable() throws(TableError) {
    if !file.isRewindable { file = try file.spooled() }
  }
}
