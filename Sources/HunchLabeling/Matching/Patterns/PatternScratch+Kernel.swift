internal import CPCRE2
internal import HunchText

/// What PCRE2 needs to match on one thread: the match data, the limits and the JIT stack.
///
/// A document is matched under a limit that bounds the time whatever the pattern does, which
/// ordinary documents of some kilobytes do not reach. Where it is reached, or the document is too
/// long for any such limit, code that counts every step is run; see ``StepCounter``.
// SAFETY: the objects behind the pointers belong to this object alone and are freed in `deinit` or,
// the match data, when a larger one replaces it. The type is not `Sendable`, so no two threads use
// it at once.
final class PatternScratch {
  /// PCRE2's code for "no match"; every lower one is a failure.
  static let noMatch = PCRE2_ERROR_NOMATCH

  private let matchLimit: UInt32
  private let counting: StepCounting

  /// The bits of the length of the longest text that is searched without counting at first. Few
  /// patterns would get to the end of a longer one than 32 KB under the 2 steps that remain.
  private let longestPlain: Int
  private let context: OpaquePointer?
  private let countingContext: OpaquePointer?
  private let counter: UnsafeMutablePointer<StepCounter>
  private let stack: OpaquePointer?
  private var data: OpaquePointer?
  private var capacity = 1

  /// The match limit set in `context`.
  private var limit: UInt32

  init(matchLimit: UInt32, counting: StepCounting) {
    self.matchLimit = matchLimit
    self.counting = counting
    longestPlain = counting == .asNeeded ? 15 : 0
    limit = matchLimit
    stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil)
    data = pcre2_match_data_create_8(1, nil)
    context = Self.makeContext(matchLimit, stack)
    countingContext = Self.makeContext(matchLimit, stack)
    counter = .allocate(capacity: 1)
    counter.initialize(to: StepCounter())
    pcre2_set_callout_8(countingContext, StepCounter.callout, counter)
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_jit_stack_free_8(stack)
    pcre2_match_context_free_8(context)
    pcre2_match_context_free_8(countingContext)
    counter.deallocate()
  }

  private static func makeContext(_ limit: UInt32, _ stack: OpaquePointer?) -> OpaquePointer? {
    let context = pcre2_match_context_create_8(nil)
    pcre2_set_match_limit_8(context, limit)
    pcre2_set_depth_limit_8(context, limit)
    pcre2_set_heap_limit_8(context, 64 << 10)  // KiB
    pcre2_jit_stack_assign_8(context, nil, stack == nil ? nil : UnsafeMutableRawPointer(stack))
    return context
  }

  /// The steps counted since the search in the last document began, 0 if nothing was counted.
  var countedSteps: Int { counter.pointee.spent }

  /// PCRE2's return code for a document: at least 0 for a match, ``noMatch``, or a failure.
  ///
  /// - Parameters:
  ///   - start: The byte offset in the document where the search begins, between two scalars.
  ///   - notEmptyAtStart: Whether an empty match at `start` does not count.
  ///   - wantsGroups: Whether ``range(ofGroup:)`` will be asked for more than the whole match.
  ///   - isContinued: Whether the search goes on in the document of the last call, so that steps
  ///     add up.
  func match(
    _ pattern: PatternCode, _ batch: TextBatch, document: Int, from start: Int = 0,
    notEmptyAtStart: Bool = false, wantsGroups: Bool = false, isContinued: Bool = false
  ) -> Int32 {
    if wantsGroups { reserve(groups: pattern.groupCount) }
    let range = batch.range(at: document)
    let options = notEmptyAtStart ? PCRE2_NOTEMPTY_ATSTART : 0
    return Self.withBytes(of: batch) {
      run(pattern, $0 + range.lowerBound, range.count, start, options, isContinued: isContinued)
    }
  }

  /// Calls a function with PCRE2's return code for each document listed, searched from an offset on.
  func matchAll(
    _ pattern: PatternCode, _ batch: TextBatch, _ starts: [(document: Int, start: Int)],
    _ body: (Int, Int32) -> Void
  ) {
    Self.withBytes(of: batch) { base in
      for (document, start) in starts {
        let range = batch.range(at: document)
        body(document, run(pattern, base + range.lowerBound, range.count, start, 0))
      }
    }
  }

  /// The byte range in the document of a group of the last match, `nil` if it took no part.
  func range(ofGroup group: Int) -> Range<Int>? {
    // SAFETY: the vector has `capacity` pairs, and the guard keeps `group` below that.
    guard group < capacity, let vector = pcre2_get_ovector_pointer_8(data) else { return nil }
    let (start, end) = (vector[2 * group], vector[2 * group + 1])
    if start == Int(bitPattern: UInt.max) { return nil }
    return min(start, end)..<max(start, end)  // `\K` can put the start behind the end
  }

  /// The match limit under which a search may be run without counting, 0 if there is none.
  ///
  /// There are at most `length` places to begin at, and what PCRE2 takes for one step can be a
  /// scan of the rest of the text. Under this limit the product of the three is 2³³ at most, some
  /// seconds at worst. It is asked for each short document: it has no division and is the same for
  /// all below 256 bytes.
  ///
  /// - Parameter length: The bytes from the start of the search to the end of the text.
  @inline(__always)
  private func plainLimit(length: Int) -> UInt32 {
    // The least number from 8 on with `length` < 1 << bits; 32 KB has 16.
    let bits = Int.bitWidth - (length | 0xFF).leadingZeroBitCount
    guard bits <= longestPlain else { return 0 }
    return min(matchLimit, 1 << UInt32(33 - 2 * bits))
  }

  /// Searches a text.
  // SAFETY: the callers pass a pointer to `length` bytes that live through the call, taken from a
  // range that the batch itself gave. They are valid UTF-8 because a batch holds nothing else, and
  // `start` stands between two scalars, which `PCRE2_NO_UTF_CHECK` and `pcre2_jit_match` require.
  // The same holds for the functions that this one calls.
  @inline(__always)
  private func run(
    _ pattern: PatternCode, _ subject: UnsafePointer<UInt8>, _ length: Int, _ start: Int,
    _ options: UInt32, isContinued: Bool = false
  ) -> Int32 {
    counter.pointee.clear(isContinued: isContinued)
    let limit = plainLimit(length: length - start)
    if limit > 0 {
      let code = call(pattern, subject, length, start, options, context, limit)
      if code != PCRE2_ERROR_MATCHLIMIT && code != PCRE2_ERROR_JIT_STACKLIMIT { return code }
      // The limit proper: counting would meet it too.
      if code == PCRE2_ERROR_MATCHLIMIT, limit == matchLimit { return code }
    }
    return searchLong(pattern, subject, length, start, options)
  }

  /// Searches a text where no limit for its length can be relied on.
  @inline(never)
  private func searchLong(
    _ pattern: PatternCode, _ subject: UnsafePointer<UInt8>, _ length: Int, _ start: Int,
    _ options: UInt32
  ) -> Int32 {
    guard counting != .never, let countingCode = pattern.counting() else {
      return callWithFallback(pattern, subject, length, start, options, context)
    }
    return callWithFallback(countingCode, subject, length, start, options, countingContext)
  }

  /// Calls PCRE2 under the limit proper; the interpreter where the stack of JIT is too small.
  private func callWithFallback(
    _ pattern: PatternCode, _ subject: UnsafePointer<UInt8>, _ length: Int, _ start: Int,
    _ options: UInt32, _ context: OpaquePointer?
  ) -> Int32 {
    // An empty match that does not count at the start may count at the next place.
    let skipsRuns = pattern.leadsWithRun && options & PCRE2_NOTEMPTY_ATSTART == 0
    counter.pointee.begin(at: start, length: length, skipsRuns: skipsRuns)
    let code = call(pattern, subject, length, start, options, context, matchLimit)
    if code != PCRE2_ERROR_JIT_STACKLIMIT { return code }
    // The interpreter keeps its stack on the heap and so gets further, within the same limits.
    counter.pointee.begin(at: start, length: length, skipsRuns: skipsRuns)
    return call(pattern, subject, length, start, options | PCRE2_NO_JIT, context, matchLimit)
  }

  /// One call of PCRE2.
  @inline(__always)
  private func call(
    _ pattern: PatternCode, _ subject: UnsafePointer<UInt8>, _ length: Int, _ start: Int,
    _ options: UInt32, _ context: OpaquePointer?, _ limit: UInt32
  ) -> Int32 {
    guard let data else { return PCRE2_ERROR_NOMEMORY }
    if context == self.context, limit != self.limit {
      pcre2_set_match_limit_8(context, limit)
      self.limit = limit
    }
    guard pattern.isJIT, stack != nil, options & PCRE2_NO_JIT == 0 else {
      return pcre2_match_8(
        pattern.code, subject, length, start, options | PCRE2_NO_UTF_CHECK, data, context)
    }
    return pcre2_jit_match_8(pattern.code, subject, length, start, options, data, context)
  }

  /// Calls a function with the batch's bytes; one made-up byte where there are none.
  private static func withBytes<Result>(
    of batch: TextBatch, _ body: (UnsafePointer<UInt8>) -> Result
  ) -> Result {
    // SAFETY: a non-empty array's buffer has an address, and it lives as long as the closure; of
    // the made-up byte only a length of 0 is ever read.
    batch.bytes.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress, !buffer.isEmpty { return body(base) }
      return withUnsafePointer(to: 0 as UInt8) { body($0) }
    }
  }

  private func reserve(groups: Int) {
    guard groups > capacity else { return }
    pcre2_match_data_free_8(data)
    data = pcre2_match_data_create_8(UInt32(groups), nil)
    capacity = groups
  }
}

extension PatternMatcher {
  /// The version of PCRE2 that this process runs with, and of its Unicode tables.
  package static let libraryVersion =
    "\(text(of: PCRE2_CONFIG_VERSION)), Unicode \(text(of: PCRE2_CONFIG_UNICODE_VERSION))"

  private static func text(of item: Int32) -> String {
    let length = pcre2_config_8(UInt32(item), nil)
    guard length > 0 else { return "" }
    var buffer = [UInt8](repeating: 0, count: Int(length))
    // SAFETY: PCRE2 says how many bytes it writes, the zero byte included, and the buffer has them.
    _ = buffer.withUnsafeMutableBytes { pcre2_config_8(UInt32(item), $0.baseAddress) }
    return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// PCRE2's words for an error code of matching or compiling.
  package static func describe(code: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    // SAFETY: the buffer's length is passed with it, and PCRE2 ends the text with a zero byte.
    let length = buffer.withUnsafeMutableBufferPointer {
      pcre2_get_error_message_8(code, $0.baseAddress, $0.count)
    }
    if length == PCRE2_ERROR_BADDATA { return "PCRE2 error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
  }
}
