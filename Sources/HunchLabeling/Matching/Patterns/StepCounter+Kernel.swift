internal import CPCRE2

/// Counts what a match costs, whatever the pattern, and ends it where that is too much.
///
/// PCRE2's own match limit begins anew at every place where a match may begin and takes a simple
/// repeat, however long, for one step. Code compiled with `PCRE2_AUTO_CALLOUT` calls this counter
/// before every item of the pattern. A call costs one step and another for each byte between it
/// and the last one, backwards or forwards: the sum grows as the time does and depends on nothing
/// but the pattern and the text. Callouts that the pattern itself contains count like the others.
struct StepCounter {
  /// The steps since ``clear(isContinued:)``.
  private(set) var spent = 0

  private var budget = 0
  private var position = 0

  /// Where the attempt under way began.
  private var attempt = -1

  /// The end of the run of characters that the pattern's first item took, all of them, in an
  /// attempt that has failed since or is under way.
  private var runEnd = -1
  private var skipsRuns = false

  /// The steps allowed on a text: linear in its length, and about a second for any below 2.5 MB.
  ///
  /// - Parameter length: In bytes.
  static func budget(length: Int) -> Int { max(500_000_000, 200 * length) }

  /// Starts anew for a text, unless the search goes on in the last one.
  mutating func clear(isContinued: Bool) {
    if !isContinued { spent = 0 }
  }

  /// Starts a call of PCRE2, whose steps add to those of the calls before.
  ///
  /// - Parameters:
  ///   - start: The byte offset where the search begins.
  ///   - length: The length of the text in bytes.
  ///   - skipsRuns: Whether an attempt may be given up at once that begins inside the run with
  ///     which an earlier one began; see ``PatternCode/leadsWithRun``.
  mutating func begin(at start: Int, length: Int, skipsRuns: Bool) {
    budget = Self.budget(length: length)
    position = start
    attempt = -1
    runEnd = -1
    self.skipsRuns = skipsRuns
  }

  /// Counts a callout.
  ///
  /// - Returns: What PCRE2 is to do: 0 for going on, 1 for trying something else, a negative code
  ///   for giving up.
  private mutating func count(attempt start: Int, position next: Int) -> Int32 {
    spent += 1 + abs(next - position)
    position = next
    if spent > budget { return PCRE2_ERROR_MATCHLIMIT }
    guard skipsRuns else { return 0 }
    if start != attempt {
      attempt = start
      if start < runEnd { return 1 }
      runEnd = -1
    } else if runEnd < 0, next > start {
      // The first callout behind the start of the attempt: the first item has taken its run.
      runEnd = next
    }
    return 0
  }

  /// The function that PCRE2 calls, with a counter as its data.
  // SAFETY: PCRE2 passes a block that lives through the call and the pointer that was set together
  // with this function, which `PatternScratch` keeps as long as the context it was set in. No
  // other reference to the counter is in use while PCRE2 runs.
  static let callout:
    @convention(c) (
      UnsafeMutablePointer<pcre2_callout_block_8>?, UnsafeMutableRawPointer?
    ) -> Int32 = { block, data in
      guard let block, let data else { return 0 }
      let counter = data.assumingMemoryBound(to: StepCounter.self)
      return counter.pointee.count(
        attempt: block.pointee.start_match, position: block.pointee.current_position)
    }
}
