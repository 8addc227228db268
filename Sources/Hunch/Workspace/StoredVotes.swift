package import HunchLabeling

/// What one function says of the documents of a chunk, whatever a vote is in the task.
package enum StoredVotes: Sendable, Equatable {
  /// One class of each document.
  case classes(VoteColumn)
  /// Several labels, or a part of what is known: for each document the labels that hold and those that
  /// do not; nil where the function abstains.
  case sets([SetVote?])
  /// Parts of texts: for each document those that are marked; none where the function abstains.
  case spans([[SpanVote]])
}

/// A vote for some labels and against others.
package struct SetVote: Sendable, Hashable {
  /// The labels of which at least one holds in a task of one class, and each in a task of several;
  /// ascending, without repetition.
  package var labels: [Int16]

  /// The labels that do not hold; ascending, none of ``labels``.
  package var excluded: [Int16]

  /// - Precondition: Both ascend and have nothing in common.
  package init(labels: [Int16], excluded: [Int16] = []) {
    precondition(SetVote.ascends(labels) && SetVote.ascends(excluded))
    precondition(Set(labels).isDisjoint(with: excluded))
    (self.labels, self.excluded) = (labels, excluded)
  }

  static func ascends(_ labels: [Int16]) -> Bool {
    labels.allSatisfy { $0 >= 0 } && zip(labels, labels.dropFirst()).allSatisfy { $0 < $1 }
  }
}

/// A part of a text that a function gives a label.
package struct SpanVote: Sendable, Hashable {
  /// Where it begins and ends, in bytes of UTF-8.
  package var bytes: Range<Int>
  package var label: Int16

  package init(_ bytes: Range<Int>, label: Int16) { (self.bytes, self.label) = (bytes, label) }
}

extension VoteBlob {
  // Every form begins with a byte that names it, and the first byte of votes for classes is 0 to 3, so
  // votes that were stored before there were others are read as they are. A form that this version does
  // not know is no encoding, and those votes are made anew.
  private static let setForm: UInt8 = 0x10
  private static let spanForm: UInt8 = 0x20

  /// Encodes votes on `count` documents.
  package static func encode(_ votes: StoredVotes, count: Int) -> [UInt8] {
    switch votes {
    case .classes(let column): return encode(column, count: count)
    case .sets(let sets): return encode(sets)
    case .spans(let spans): return encode(spans)
    }
  }

  /// Decodes votes on `count` documents; `nil` when the bytes are not an encoding of such.
  package static func votes(_ bytes: [UInt8], count: Int) -> StoredVotes? {
    switch bytes.first {
    case setForm: return decodeSets(bytes, count).map(StoredVotes.sets)
    case spanForm: return decodeSpans(bytes, count).map(StoredVotes.spans)
    default: return decode(bytes, count: count).map { .classes(.dense($0)) }
    }
  }

  /// Distinct sets, each as its two lists, then for each vote its document and set.
  private static func encode(_ sets: [SetVote?]) -> [UInt8] {
    var writer = BlobWriter(setForm)
    var places: [SetVote: Int] = [:]
    var distinct: [SetVote] = []
    for case let set? in sets where places[set] == nil {
      places[set] = distinct.count
      distinct.append(set)
    }
    writer.append(distinct.count)
    for set in distinct {
      for labels in [set.labels, set.excluded] {
        writer.append(labels.count)
        for label in labels { writer.append(Int(label)) }
      }
    }
    for (document, set) in sets.enumerated() {
      guard let set, let place = places[set] else { continue }
      writer.append(document)
      writer.append(place)
    }
    return writer.bytes
  }

  private static func decodeSets(_ bytes: [UInt8], _ count: Int) -> [SetVote?]? {
    var reader = BlobReader(bytes)
    var distinct: [SetVote] = []
    guard let sets = reader.next(below: bytes.count) else { return nil }
    for _ in 0..<sets {
      guard let labels = reader.labels(), let excluded = reader.labels(),
        Set(labels).isDisjoint(with: excluded), SetVote.ascends(labels), SetVote.ascends(excluded)
      else { return nil }
      distinct.append(SetVote(labels: labels, excluded: excluded))
    }
    var votes = [SetVote?](repeating: nil, count: count)
    while !reader.isAtEnd {
      guard let document = reader.next(below: count),
        let place = reader.next(below: distinct.count),
        votes[document] == nil
      else { return nil }
      votes[document] = distinct[place]
    }
    return votes
  }

  /// For each document with a vote its place and how many spans, then those: begin, length, label.
  private static func encode(_ spans: [[SpanVote]]) -> [UInt8] {
    var writer = BlobWriter(spanForm)
    for (document, spans) in spans.enumerated() where !spans.isEmpty {
      writer.append(document)
      writer.append(spans.count)
      for span in spans {
        writer.append(span.bytes.lowerBound)
        writer.append(span.bytes.count)
        writer.append(Int(span.label))
      }
    }
    return writer.bytes
  }

  private static func decodeSpans(_ bytes: [UInt8], _ count: Int) -> [[SpanVote]]? {
    var reader = BlobReader(bytes)
    var votes = [[SpanVote]](repeating: [], count: count)
    while !reader.isAtEnd {
      guard let document = reader.next(below: count), votes[document].isEmpty,
        let spans = reader.next(below: bytes.count), spans > 0
      else { return nil }
      for _ in 0..<spans {
        guard let begin = reader.next(below: 1 << 40), let length = reader.next(below: 1 << 40),
          let label = reader.next(below: Int(Int16.max) + 1)
        else { return nil }
        votes[document].append(SpanVote(begin..<begin + length, label: Int16(label)))
      }
    }
    return votes
  }
}

/// Numbers of 7 bits a byte, the lowest first, behind the byte that names the form.
private struct BlobWriter {
  private(set) var bytes: [UInt8]

  init(_ form: UInt8) { bytes = [form] }

  mutating func append(_ number: Int) {
    var rest = UInt(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

private struct BlobReader {
  private let bytes: [UInt8]
  private var place = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place >= bytes.count }

  /// The next number; nil at the end, and where it is not below a bound.
  mutating func next(below bound: Int) -> Int? {
    var (number, shift) = (0, 0)
    while place < bytes.count, shift < 56 {
      let byte = bytes[place]
      place += 1
      number |= Int(byte & 0x7F) << shift
      // A last byte of 0 would be a second way to write the same number.
      if byte < 0x80 { return number < bound && (byte > 0 || shift == 0) ? number : nil }
      shift += 7
    }
    return nil
  }

  mutating func labels() -> [Int16]? {
    guard let count = next(below: bytes.count) else { return nil }
    var labels: [Int16] = []
    for _ in 0..<count {
      guard let label = next(below: Int(Int16.max) + 1) else { return nil }
      labels.append(Int16(label))
    }
    return labels
  }
}
