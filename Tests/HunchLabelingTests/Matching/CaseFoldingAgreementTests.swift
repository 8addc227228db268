import HunchLabeling
import HunchText
import TestSupport
import Testing

/// Keywords are folded, patterns are matched caseless by PCRE2: both should mean the same.
@Suite struct CaseFoldingAgreementTests {
  /// Letters whose other case came with Unicode 15.1 or later, so that a PCRE2 that knows an older
  /// version (10.42 knows 14) takes them for letters without case.
  private static let newLetters: [ClosedRange<UInt32>] = [
    0x19B...0x19B, 0x264...0x264, 0x1C89...0x1C8A, 0xA7CB...0xA7CF, 0xA7D2...0xA7D5,
    0xA7DA...0xA7DC, 0x10D50...0x10D65, 0x10D70...0x10D85, 0x16EA0...0x16EB8, 0x16EBB...0x16ED3,
  ]

  /// The letters a caseless pattern of each scalar finds are those with the same folding, for every
  /// scalar of the basic plane and of the parts of the next one that have cased letters.
  @Test(arguments: Repository.draws(8))
  func foldingAgreesWithCaselessPatterns(_ part: Int) throws {
    let scalars = [
      0..<0x10000, 0x10400..<0x10E00, 0x11880..<0x118F0, 0x16E00..<0x16F00,
      0x1E900..<0x1E960,
    ].joined().compactMap { Unicode.Scalar(UInt32($0)) }
    var sameFolding: [UInt32: [UInt32]] = [:]
    for scalar in scalars {
      sameFolding[CharacterTable.fold(scalar.value), default: []].append(scalar.value)
    }
    let batch = TextBatch([String(String.UnicodeScalarView(scalars))])
    let matcher = PatternMatcher()
    for scalar in scalars where Int(scalar.value % 8) == part {
      let pattern = try CompiledPattern("\\x{\(String(scalar.value, radix: 16))}", options: [])
      let found = matcher.ranges(pattern, batch, document: 0, limit: 9).map {
        UTF8Decoding.scalar(in: batch.bytes, at: $0.lowerBound).value
      }
      if found != sameFolding[CharacterTable.fold(scalar.value)] {
        #expect(
          Self.newLetters.contains { $0.contains(scalar.value) },
          "U+\(String(scalar.value, radix: 16)) finds \(found)")
      }
    }
  }

  /// Whatever a caseless pattern finds has the same folding, whichever versions of Unicode the two
  /// sides know: otherwise a literal that a pattern requires would be missed. Every scalar of a
  /// general category that has letters with case, by the one side or the other, is tried.
  @Test func caselessPatternsFindNothingOfAnotherFolding() throws {
    let all = (UInt32(0)..<0x110000).compactMap(Unicode.Scalar.init)
    let planes = TextBatch([String(String.UnicodeScalarView(all))])
    let matcher = PatternMatcher()
    let mayHaveCase = try CompiledPattern(#"[\p{L&}\p{Nl}\p{So}\p{Mn}]"#, options: .caseSensitive)
    var cased = Set(
      matcher.ranges(mayHaveCase, planes, document: 0, limit: .max).map {
        UTF8Decoding.scalar(in: planes.bytes, at: $0.lowerBound).value
      })
    cased.formUnion(all.filter { $0.properties.changesWhenCaseMapped }.map(\.value))
    #expect(cased.count > 10_000)
    let scalars = cased.sorted().compactMap(Unicode.Scalar.init)
    let batch = TextBatch([String(String.UnicodeScalarView(scalars))])
    for scalar in scalars {
      let pattern = try CompiledPattern("\\x{\(String(scalar.value, radix: 16))}", options: [])
      let found = matcher.ranges(pattern, batch, document: 0, limit: 9).map {
        UTF8Decoding.scalar(in: batch.bytes, at: $0.lowerBound).value
      }
      let isSound = found.allSatisfy {
        CharacterTable.fold($0) == CharacterTable.fold(scalar.value)
      }
      if !isSound { Issue.record("U+\(String(scalar.value, radix: 16)) finds \(found)") }
    }
  }

  @Test func foldingIsIdempotent() {
    for scalar in UInt32(0)..<0x110000 {
      let folded = CharacterTable.fold(scalar)
      if CharacterTable.fold(folded) != folded { Issue.record("U+\(String(scalar, radix: 16))") }
    }
  }
}
