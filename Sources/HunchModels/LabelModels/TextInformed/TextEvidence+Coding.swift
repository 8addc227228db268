// What is stored, little-endian: the documents, the share explained, the strength, the number of
// classes with the logarithm of each share, the adjustment after a byte that is 0 where there is
// none, and the classifiers, each with its length before it and its own header and checksum.

extension TextEvidence {
  /// The evidence as one block of bytes, the same on every machine.
  ///
  /// - Complexity: O(features × classes).
  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt64(documents))
    writer.write(explained)
    writer.write(strength)
    writer.write(UInt64(logShares.count))
    for value in logShares { writer.write(value) }
    writer.write(adjustment != nil)
    adjustment?.write(to: &writer)
    writer.write(UInt64(classifiers.count))
    for classifier in classifiers {
      let bytes = classifier.encoded()
      writer.write(UInt64(bytes.count))
      writer.append(bytes)
    }
    return writer.bytes
  }

  /// Reads what ``encoded()`` wrote.
  ///
  /// - Throws: ``ModelFileError`` for anything else.
  package init(decoding bytes: [UInt8]) throws(ModelFileError) {
    var reader = ByteReader(bytes[...])
    let documents = try reader.count()
    let explained = try reader.double()
    let strength = try reader.double()
    var logShares: [Double] = []
    let classes = try reader.count(elementSize: 8)
    for _ in 0..<classes { logShares.append(try reader.double()) }
    let adjustment =
      try reader.bool()
      ? try ScoreAdjustment.read(from: &reader, classes: classes).adjustment : nil
    var classifiers: [TextClassifier] = []
    let count = try reader.count(elementSize: 8)
    // Checked before they are read: each takes a table of up to 32 MB.
    guard [0, Self.foldCount].contains(count) else {
      throw .invalidContent("it has another number of classifiers")
    }
    for _ in 0..<count {
      let length = try reader.count(elementSize: 1)
      classifiers.append(try TextClassifier(decoding: try reader.bytes(length)))
    }
    let isWhole =
      reader.remaining == 0 && explained.isFinite && 0...1 ~= strength
      && (strength == 0 || !classifiers.isEmpty)
      && logShares.allSatisfy { abs($0) <= 1e6 }
      && classifiers.allSatisfy {
        $0.labels.count == logShares.count
          && $0.labels == classifiers[0].labels && $0.dense == nil
          && $0.configuration.features == classifiers[0].configuration.features
          && $0.featurizer.buckets == classifiers[0].featurizer.buckets
      }
    guard isWhole else { throw .invalidContent("its parts do not fit together") }
    self.init(
      classifiers: classifiers, logShares: logShares, adjustment: adjustment, documents: documents,
      explained: explained, strength: strength)
  }
}
