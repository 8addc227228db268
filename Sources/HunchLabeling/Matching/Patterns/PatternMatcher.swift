package import HunchText

/// Runs compiled patterns on documents; owns the scratch memory, so each thread needs its own.
///
/// Matching gives up where a pattern takes too many steps from one starting place or too much
/// memory, which is reported as a failure, never as "no match".
package final class PatternMatcher {
  private let scratch: PatternScratch

  /// Creates a matcher with a JIT stack that grows to 1 MB at most.
  package convenience init() { self.init(matchLimit: 1_000_000) }

  /// Creates a matcher with a limit of its own on the steps from one starting place.
  package init(matchLimit: UInt32) { scratch = PatternScratch(matchLimit: matchLimit) }

  /// Whether a pattern matches a document.
  package func test(
    _ pattern: CompiledPattern, _ batch: TextBatch, document: Int
  ) -> PatternOutcome {
    Self.outcome(scratch.match(pattern.code, batch, document: document))
  }

  /// Tests a pattern on every document of a batch, in order.
  package func test(
    _ pattern: CompiledPattern, _ batch: TextBatch,
    _ body: (_ document: Int, _ outcome: PatternOutcome) -> Void
  ) {
    scratch.matchAll(pattern.code, batch, 0..<batch.count) { body($0, Self.outcome($1)) }
  }

  /// Sets the vote of every document that a pattern matches, and leaves those of the others.
  ///
  /// - Parameters:
  ///   - pattern: The pattern.
  ///   - batch: The documents.
  ///   - vote: What a match votes.
  ///   - votes: One vote per document of the batch.
  ///   - failures: The documents on which the pattern failed are added to this.
  package func mark(
    _ pattern: CompiledPattern, _ batch: TextBatch, vote: Int16, into votes: inout [Int16],
    failures: inout [PatternFailure]
  ) {
    mark(pattern, batch, documents: 0..<batch.count, vote: vote, into: &votes, failures: &failures)
  }

  /// Sets the vote of every listed document that a pattern matches.
  ///
  /// Used where a cheaper test has shown which documents can match at all.
  package func mark(
    _ pattern: CompiledPattern, _ batch: TextBatch, documents: some Sequence<Int>, vote: Int16,
    into votes: inout [Int16], failures: inout [PatternFailure]
  ) {
    precondition(votes.count == batch.count, "one vote for each document")
    scratch.matchAll(pattern.code, batch, documents) { document, code in
      if code >= 0 {
        votes[document] = vote
      } else if code < PatternScratch.noMatch {
        failures.append(PatternFailure(document: document, code: code))
      }
    }
  }

  /// The first match of a pattern in a document with its groups, `nil` if there is none.
  ///
  /// Groups without a name are there only if the pattern was compiled with captures.
  package func firstMatch(
    _ pattern: CompiledPattern, _ batch: TextBatch, document: Int
  ) -> Result<PatternMatch?, PatternFailure> {
    let code = scratch.match(pattern.code, batch, document: document, wantsGroups: true)
    if code == PatternScratch.noMatch { return .success(nil) }
    if code < 0 { return .failure(PatternFailure(document: document, code: code)) }
    let base = batch.range(at: document).lowerBound
    let groups = (0..<pattern.code.groupCount).map { group -> String? in
      guard let range = scratch.range(ofGroup: group) else { return nil }
      let bytes = batch.bytes[(base + range.lowerBound)..<(base + range.upperBound)]
      return String(decoding: bytes, as: UTF8.self)
    }
    return .success(PatternMatch(groups: groups, numbers: pattern.numbers))
  }

  /// The byte ranges in a document of the non-overlapping matches, empty ones included.
  ///
  /// - Parameter limit: The greatest number of matches looked for. The search also ends where the
  ///   pattern fails.
  package func ranges(
    _ pattern: CompiledPattern, _ batch: TextBatch, document: Int, limit: Int
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    let length = batch.range(at: document).count
    var start = 0
    var wasEmpty = false
    while ranges.count < limit, start <= length {
      // After an empty match the next may begin at the same place but must not be empty there.
      let code = scratch.match(
        pattern.code, batch, document: document, from: start, notEmptyAtStart: wasEmpty)
      guard code >= 0, let range = scratch.range(ofGroup: 0) else { break }
      // `\K` may move the start of a match behind or before where the search began; a match that
      // brings no progress ends the search.
      if range.upperBound < start || (wasEmpty && range.upperBound == start) { break }
      ranges.append(range)
      wasEmpty = range.isEmpty || range.upperBound == start
      start = range.upperBound
    }
    return ranges
  }

  private static func outcome(_ code: Int32) -> PatternOutcome {
    if code >= 0 { return .match }
    return code == PatternScratch.noMatch ? .noMatch : .failed(code: code)
  }
}
