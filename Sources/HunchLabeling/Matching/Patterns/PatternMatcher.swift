package import HunchText

/// When the steps of a search are counted, which takes longer but bounds it.
package enum StepCounting: Sendable, Hashable {
  /// Where the time would not be bounded otherwise: on long documents, and on shorter ones if a
  /// limit chosen for their length is reached.
  case asNeeded
  /// On every document.
  case always
  /// On none, so that a search may take hours.
  case never
}

/// Runs compiled patterns on documents; owns the scratch memory, so each thread needs its own.
///
/// Matching gives up where a pattern takes too many steps, from one starting place or on the whole
/// document, or too much memory, which is reported as a failure, never as "no match". Where that is
/// depends on the pattern, the document and PCRE2, never on the clock.
package final class PatternMatcher {
  private let scratch: PatternScratch

  /// Creates a matcher with a JIT stack that grows to 1 MB at most.
  ///
  /// - Parameters:
  ///   - matchLimit: The steps allowed from one starting place.
  ///   - counting: When the steps on the whole document are counted and limited.
  package init(matchLimit: UInt32 = 1_000_000, counting: StepCounting = .asNeeded) {
    scratch = PatternScratch(matchLimit: matchLimit, counting: counting)
  }

  /// The steps counted on the last document: 0 if it could be searched without counting.
  package var countedSteps: Int { scratch.countedSteps }

  /// The steps after which the search of a document ends, if they are counted.
  ///
  /// - Parameter length: The document's length in bytes.
  package static func stepBudget(length: Int) -> Int { StepCounter.budget(length: length) }

  /// The documents that a pattern matches, and those on which it failed, in order.
  ///
  /// - Parameter starts: The documents to try, each with the byte offset, between two scalars, at
  ///   which the search begins.
  package func matches(
    _ pattern: CompiledPattern, _ batch: TextBatch, starts: [(document: Int, start: Int)]
  ) -> (documents: [Int32], failures: [PatternFailure]) {
    var documents: [Int32] = []
    var failures: [PatternFailure] = []
    scratch.matchAll(pattern.code, batch, starts) { document, code in
      if code >= 0 {
        documents.append(Int32(document))
      } else if code < PatternScratch.noMatch {
        failures.append(PatternFailure(document: document, code: code))
      }
    }
    return (documents, failures)
  }

  /// The first match of a pattern in a document with its groups, `nil` if there is none.
  ///
  /// Groups without a name are there only if the pattern was compiled with captures.
  package func firstMatch(
    _ pattern: CompiledPattern, _ batch: TextBatch, document: Int, from start: Int = 0
  ) -> Result<PatternMatch?, PatternFailure> {
    let code = scratch.match(
      pattern.code, batch, document: document, from: start, wantsGroups: true)
    if code == PatternScratch.noMatch { return .success(nil) }
    if code < 0 { return .failure(PatternFailure(document: document, code: code)) }
    let groups = (0..<pattern.code.groupCount).map { group in
      scratch.range(ofGroup: group).map { range in
        String(decoding: batch.bytes(range, of: document), as: UTF8.self)
      }
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
        pattern.code, batch, document: document, from: start, notEmptyAtStart: wasEmpty,
        isContinued: start > 0 || wasEmpty)
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
}
