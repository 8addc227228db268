// What is stored, little-endian: the documents, the share explained, the strength, the number of
// classes with the logarithm of each share, the adjustment after a byte that is 0 where there is
// none, and the number of classifiers with the weights of each. The vectors are stored beside.

extension TextEvidence {
  /// The evidence as one block of bytes, the same on every machine.
  ///
  /// - Complexity: O(dimensions × classes).
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
    for classifier in classifiers { for value in classifier.weights { writer.write(value) } }
    return writer.bytes
  }

  /// Reads what ``encoded()`` wrote.
  ///
  /// - Parameter classCount: The classes that there have to be.
  /// - Throws: ``ModelFileError`` for anything else.
  package init(
    decoding bytes: [UInt8], semantics: LatentSemantics, classCount: Int
  ) throws(ModelFileError) {
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
    var classifiers: [VectorClassifier] = []
    let count = try reader.count()
    let size = (semantics.dimensions + 1) * classes
    guard [0, UnseenFolds.count].contains(count), reader.remaining == 4 * size * count,
      count == 0 || classes > 1
    else {
      throw .invalidContent("it has another number of classifiers")
    }
    for _ in 0..<count {
      classifiers.append(
        VectorClassifier(classCount: classes, weights: try reader.floats(size)))
    }
    let isWhole =
      explained.isFinite && 0...1 ~= strength
      && (count == 0 ? strength == 0 : classes == classCount && adjustment != nil)
      && logShares.allSatisfy { abs($0) <= 1e6 }
    guard isWhole else { throw .invalidContent("its parts do not fit together") }
    self.init(
      semantics: semantics, classifiers: classifiers, logShares: logShares,
      adjustment: adjustment, documents: documents, explained: explained, strength: strength)
  }
}
