// The file, little-endian:
//
//     8 bytes   magic "HunchTC" and 0x1A, which stops a terminal from printing the rest
//     4         format version
//     8         length of the whole file
//     …         content: labels, configuration, training summary, buckets, idf, weights,
//               intercepts; from version 2 on the summary has the documents left out and the method,
//               and adjustment and provenance follow, each after a byte that is 0 where there is
//               none; in version 3 what it looks at beside the text; in version 4 that after such
//               a byte, and what gold labels taught. It is written as the lowest version that
//               holds it, for older programs
//     4         CRC-32 of everything before it
//
// It holds numbers and names only, no code and no text of a training document.

extension TextClassifier {
  private static let magic: [UInt8] = Array("HunchTC".utf8) + [0x1A]
  private static let version: UInt32 = 4
  private static let headerSize = 20
  /// Weights of a training are below a thousand. With larger ones than this, sums over features and
  /// classes might be no numbers any more.
  private static let greatestWeight: Float = 1e24

  /// The classifier as one block of bytes, the same on every machine.
  ///
  /// - Complexity: O(features × classes).
  public func encoded() -> [UInt8] {
    var content = ByteWriter()
    content.reserve(4 * (weights.count + 2 * featurizer.buckets.count) + 1024)
    content.write(UInt64(labels.count))
    for label in labels { content.write(label) }
    configuration.write(to: &content)
    summary.write(to: &content)
    content.write(UInt64(featurizer.buckets.count))
    for bucket in featurizer.buckets { content.write(bucket) }
    for value in featurizer.idf { content.write(value) }
    for value in weights { content.write(value) }
    for value in intercepts { content.write(value) }
    content.write(adjustment != nil)
    adjustment?.write(to: &content)
    content.write(provenance != nil)
    provenance?.write(to: &content)
    if goldLearning != nil { content.write(dense != nil) }
    dense?.write(to: &content)
    goldLearning?.write(to: &content)

    var file = ByteWriter()
    file.reserve(content.bytes.count + Self.headerSize + 4)
    file.append(Self.magic)
    file.write(goldLearning != nil ? Self.version : dense == nil ? 2 : 3)
    file.write(UInt64(Self.headerSize + content.bytes.count + 4))
    file.append(content.bytes)
    file.write(CRC32.checksum(file.bytes[...]))
    return file.bytes
  }

  /// Reads a classifier that ``encoded()`` wrote.
  ///
  /// Safe on bytes from anywhere: whatever they are, it returns a classifier or throws, and never
  /// allocates more than a few times their number plus a table of at most 32 MB.
  ///
  /// - Throws: ``ModelFileError``.
  /// - Complexity: O(bytes).
  public init(decoding bytes: [UInt8]) throws(ModelFileError) {
    let (version, content) = try Self.checkedContent(bytes)
    var reader = ByteReader(content)
    // A label takes at least the four bytes of its length.
    let labelCount = try reader.count(elementSize: 4)
    guard labelCount > 1 else { throw .invalidContent("it has fewer than two classes") }
    guard labelCount <= VotePatterns.mostClasses else {
      throw .invalidContent("it has more than \(VotePatterns.mostClasses) classes")
    }
    var labels: [String] = []
    for _ in 0..<labelCount { labels.append(try reader.text()) }
    guard Set(labels).count == labelCount else {
      throw .invalidContent("two of its classes have one name")
    }
    let configuration = try ClassifierConfiguration(from: &reader)
    let summary = try TrainingSummary(from: &reader, version: version)
    let features = try reader.count(elementSize: 8 + 4 * labelCount)
    var buckets: [UInt32] = []
    buckets.reserveCapacity(features)
    for _ in 0..<features { buckets.append(try reader.integer()) }
    let idf = try reader.floats(features)
    // The features of a text come first; the others are those that are not of its n-grams.
    guard summary.features <= reader.remaining / (4 * labelCount) else {
      throw .invalidContent("a table is missing")
    }
    let weights = try reader.floats(summary.features * labelCount)
    let intercepts = try reader.floats(labelCount)
    guard weights.allSatisfy({ abs($0) <= Self.greatestWeight }),
      intercepts.allSatisfy({ abs($0) <= Self.greatestWeight })
    else { throw .invalidContent("a weight lies outside its range") }
    var adjustment: ScoreAdjustment?
    var goldLearning: GoldLearning?
    var provenance: ModelProvenance?
    if version > 1 {
      if try reader.bool() {
        (adjustment, goldLearning) = try ScoreAdjustment.read(from: &reader, classes: labelCount)
      }
      if try reader.bool() { provenance = try ModelProvenance(from: &reader) }
    }
    let hasDense = version > 3 ? try reader.bool() : version > 2
    let dense = hasDense ? try DenseFeatures(from: &reader) : nil
    if version > 3 { goldLearning = try GoldLearning(from: &reader) }
    guard features + (dense?.featureCount ?? 0) == summary.features else {
      throw .invalidContent("its weights do not fit its features")
    }
    guard reader.remaining == 0 else { throw .invalidContent("it has bytes that mean nothing") }
    guard
      let featurizer = Featurizer(
        configuration: configuration.features, buckets: buckets, idf: idf)
    else { throw .invalidContent("its features do not fit together") }
    self.init(
      labels: labels, configuration: configuration, featurizer: featurizer, dense: dense,
      weights: weights, intercepts: intercepts, summary: summary, adjustment: adjustment,
      goldLearning: goldLearning, provenance: provenance)
  }

  /// The format's version and the part between header and checksum, after all were checked.
  private static func checkedContent(
    _ bytes: [UInt8]
  ) throws(ModelFileError) -> (version: UInt32, content: ArraySlice<UInt8>) {
    guard bytes.starts(with: magic) else {
      // A file cut inside the magic is a truncated model rather than something else.
      if !bytes.isEmpty, magic.starts(with: bytes) {
        throw .wrongLength(expected: headerSize + 4, found: bytes.count)
      }
      throw .notAModel
    }
    guard bytes.count >= headerSize + 4 else {
      throw .wrongLength(expected: headerSize + 4, found: bytes.count)
    }
    var reader = ByteReader(bytes[magic.count...])
    let version = try reader.integer(UInt32.self)
    guard version > 0 else { throw .notAModel }
    guard version <= self.version else {
      throw .newerVersion(found: Int(version), supported: Int(self.version))
    }
    let length = try reader.integer(UInt64.self)
    guard length == UInt64(bytes.count) else {
      throw .wrongLength(expected: Int(clamping: length), found: bytes.count)
    }
    var checksum = ByteReader(bytes[(bytes.count - 4)...])
    guard try checksum.integer(UInt32.self) == CRC32.checksum(bytes.dropLast(4)) else {
      throw .checksumMismatch
    }
    return (version, bytes[headerSize..<bytes.count - 4])
  }
}

extension ClassifierConfiguration {
  func write(to writer: inout ByteWriter) {
    writer.write(UInt64(features.longestWordGram))
    writer.write(UInt64(features.shortestCharacterGram))
    writer.write(UInt64(features.longestCharacterGram))
    writer.write(features.characterWeight)
    writer.write(UInt64(features.minimumDocumentFrequency))
    writer.write(UInt64(features.bucketBits))
    // Set in every classifier that was trained.
    writer.write(penalty ?? 0)
    writer.write(UInt64(historySize))
    writer.write(UInt64(maximumEvaluations))
    writer.write(tolerance)
  }

  init(from reader: inout ByteReader) throws(ModelFileError) {
    self.init(
      features: FeatureConfiguration(
        longestWordGram: try reader.count(), shortestCharacterGram: try reader.count(),
        longestCharacterGram: try reader.count(), characterWeight: try reader.double(),
        minimumDocumentFrequency: try reader.count(), bucketBits: try reader.count()),
      penalty: try reader.double(), historySize: try reader.count(),
      maximumEvaluations: try reader.count(), tolerance: try reader.double())
    if let violation { throw .invalidContent("\(violation) lies outside its range") }
  }
}

extension TrainingSummary {
  func write(to writer: inout ByteWriter) {
    writer.write(UInt64(documents))
    writer.write(UInt64(omitted))
    writer.write(UInt8(TrainingMethod.allCases.firstIndex(of: method) ?? 0))
    writer.write(UInt64(features))
    writer.write(UInt64(iterations))
    writer.write(objective)
    writer.write(relativeGradient)
    writer.write(converged)
    guard method == .parameterFree || method == .streamedParameterFree else { return }
    writer.write(UInt64(stepSearch?.budgets.count ?? 0))
    guard let stepSearch else { return }
    for budget in stepSearch.budgets { writer.write(UInt64(budget)) }
    for value in [stepSearch.bracket.lowerBound, stepSearch.bracket.upperBound, stepSearch.step] {
      writer.write(value)
    }
  }

  init(from reader: inout ByteReader, version: UInt32) throws(ModelFileError) {
    let documents = try reader.count()
    let omitted = version > 1 ? try reader.count() : 0
    let method = version > 1 ? Int(try reader.integer(UInt8.self)) : 0
    guard method < TrainingMethod.allCases.count else {
      throw .invalidContent("it was trained by a method that is not known")
    }
    let (features, iterations) = (try reader.count(), try reader.count())
    let (objective, gradient) = (try reader.double(), try reader.double())
    let (converged, kind) = (try reader.bool(), TrainingMethod.allCases[method])
    let hasStep = kind == .parameterFree || kind == .streamedParameterFree
    self.init(
      documents: documents, omitted: omitted, method: kind, features: features,
      iterations: iterations, objective: objective, relativeGradient: gradient,
      converged: converged, stepSearch: hasStep ? try StepSearch.read(from: &reader) : nil)
    guard isFinite else { throw .invalidContent("a figure of its training is not finite") }
  }

  /// Whether its figures are numbers.
  var isFinite: Bool { objective.isFinite && relativeGradient.isFinite }
}

extension StepSearch {
  /// A search; nil where none came to an end.
  static func read(from reader: inout ByteReader) throws(ModelFileError) -> StepSearch? {
    let count = try reader.count()
    if count == 0 { return nil }
    guard count <= 3 else { throw .invalidContent("its search for a step size is out of range") }
    var budgets: [Int] = []
    for _ in 0..<count { budgets.append(try reader.count()) }
    let (low, high, step) = (try reader.double(), try reader.double(), try reader.double())
    guard low > 0, low <= step, step <= high, high.isFinite else {
      throw .invalidContent("its search for a step size is out of range")
    }
    return StepSearch(bracket: low...high, step: step, budgets: budgets)
  }
}

extension ScoreAdjustment {
  func write(to writer: inout ByteWriter) {
    for value in classShift { writer.write(value) }
    writer.write(temperature)
    // Where versions 2 and 3 had the number of gold labels that shift and temperature came from.
    writer.write(UInt64(0))
  }

  /// An adjustment, and how many gold labels had a say in it.
  static func read(
    from reader: inout ByteReader, classes: Int
  ) throws(ModelFileError) -> (adjustment: ScoreAdjustment, goldLearning: GoldLearning?) {
    var shift: [Double] = []
    for _ in 0..<classes { shift.append(try reader.double()) }
    let temperature = try reader.double()
    guard shift.allSatisfy({ abs($0) <= 1e6 }), 1e-6...1e6 ~= temperature else {
      throw .invalidContent("its temperature or class shift is no number in range")
    }
    let gold = try reader.count()
    return (
      ScoreAdjustment(stored: shift, temperature: temperature),
      gold > 0 ? GoldLearning(documents: gold, logLossBefore: nil, logLossAfter: nil) : nil
    )
  }
}

extension GoldLearning {
  func write(to writer: inout ByteWriter) {
    writer.write(UInt64(documents))
    writer.write(logLossBefore != nil)
    writer.write(logLossBefore ?? 0)
    writer.write(logLossAfter ?? 0)
  }

  init(from reader: inout ByteReader) throws(ModelFileError) {
    let documents = try reader.count()
    let isKnown = try reader.bool()
    let (before, after) = (try reader.double(), try reader.double())
    guard documents > 0, before >= 0, before.isFinite, after >= 0, after.isFinite else {
      throw .invalidContent("what gold labels taught is out of range")
    }
    self.init(
      documents: documents, logLossBefore: isKnown ? before : nil,
      logLossAfter: isKnown ? after : nil)
  }
}

extension ModelProvenance {
  func write(to writer: inout ByteWriter) {
    for text in [corpus, labelModel, date] { writer.write(text) }
    writer.write(UInt64(functions.count))
    for function in functions {
      writer.write(function.name)
      writer.write(function.fingerprint)
    }
    writer.write(UInt64(figures.count))
    for figure in figures {
      writer.write(figure.name)
      writer.write(figure.value)
    }
  }

  init(from reader: inout ByteReader) throws(ModelFileError) {
    self.init(corpus: try reader.text(), functions: [], labelModel: try reader.text())
    date = try reader.text()
    // Two lengths of texts; a length and a number.
    for _ in 0..<(try reader.count(elementSize: 8)) {
      functions.append(Function(name: try reader.text(), fingerprint: try reader.text()))
    }
    for _ in 0..<(try reader.count(elementSize: 12)) {
      let figure = Figure(name: try reader.text(), value: try reader.double())
      guard figure.value.isFinite else { throw .invalidContent("a figure is not finite") }
      figures.append(figure)
    }
  }
}
