extension ContentHash {
  mutating func add(_ ids: DocumentIDs) {
    // Room for integers, which ids nearly always are: a kind and eight bytes each.
    var bytes = [UInt8](repeating: 0, count: 9 * ids.count)
    var end = 0
    for id in ids {
      switch id {
      case .integer(let value):
        if end == bytes.count { bytes.append(contentsOf: repeatElement(0, count: 9)) }
        for byte in 0..<8 { bytes[end + 1 + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
        end += 9
      case .text(let value):
        bytes.removeSubrange(end...)
        bytes.append(contentsOf: "t\(value.utf8.count):".utf8)
        bytes.append(contentsOf: value.utf8)
        end = bytes.count
      }
    }
    add(bytes)
  }
}

extension CorpusChunk {
  /// The chunk's content for each ``ChunkAspect``, in their order.
  func contents() -> [String] {
    let texts = content(.texts)
    return [texts, rows(texts), content(.ids)]
  }

  /// The hash of what functions of one kind read of the chunk.
  func content(_ aspect: ChunkAspect) -> String {
    switch aspect {
    case .texts:
      var hash = ContentHash("texts-1")
      hash.add(texts)
      let sum = String(StableHash.sum(texts), radix: 16)
      return "\(hash.finish())\(Self.sumMark)\(sum)"
    case .rows:
      return rows(content(.texts))
    case .ids:
      var hash = ContentHash("ids-2")
      hash.add(ids)
      return hash.finish()
    }
  }

  /// Stands before the sum of the hashes of the texts.
  private static let sumMark: Character = "+"

  /// The ``StableHash/sum(_:)`` that a content of texts ends with.
  static func sumOfTexts(_ content: String) -> UInt128 {
    content.split(separator: sumMark).last.flatMap { UInt128($0, radix: 16) } ?? 0
  }

  /// The hash of the documents' splits, gold labels and their uses.
  func annotations() -> String {
    var hash = ContentHash("annotations-2")
    hash.add(annotationBytes)
    return hash.finish()
  }

  private func rows(_ texts: String) -> String {
    var hash = ContentHash("rows-1")
    hash.add(texts)
    for (name, cells) in fields.sorted(by: { $0.key < $1.key }) {
      hash.add(name)
      hash.add(cells)
    }
    return hash.finish()
  }
}
