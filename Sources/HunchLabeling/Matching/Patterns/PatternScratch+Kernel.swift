internal import CPCRE2
internal import HunchText

/// What PCRE2 needs to match on one thread: the match data, the limits and the JIT stack.
// SAFETY: the four objects come from PCRE2, belong to this object alone and are freed in `deinit`
// or, the match data, when a larger one replaces it. The type is not `Sendable`, so no two threads
// use it at once.
final class PatternScratch {
  /// PCRE2's code for "no match"; every lower one is a failure.
  static let noMatch = PCRE2_ERROR_NOMATCH

  private let context: OpaquePointer?
  private let stack: OpaquePointer?
  private var data: OpaquePointer?
  private var capacity = 1

  init(matchLimit: UInt32) {
    context = pcre2_match_context_create_8(nil)
    stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil)
    data = pcre2_match_data_create_8(1, nil)
    pcre2_set_match_limit_8(context, matchLimit)
    pcre2_set_depth_limit_8(context, matchLimit)
    pcre2_set_heap_limit_8(context, 64 << 10)  // KiB
    pcre2_jit_stack_assign_8(context, nil, stack == nil ? nil : UnsafeMutableRawPointer(stack))
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_jit_stack_free_8(stack)
    pcre2_match_context_free_8(context)
  }

  /// PCRE2's return code for a document: at least 0 for a match, ``noMatch``, or a failure.
  ///
  /// - Parameters:
  ///   - start: The byte offset in the document where the search begins, between two scalars.
  ///   - notEmptyAtStart: Whether an empty match at `start` does not count.
  ///   - wantsGroups: Whether ``range(ofGroup:)`` will be asked for more than the whole match.
  func match(
    _ pattern: PatternCode, _ batch: TextBatch, document: Int, from start: Int = 0,
    notEmptyAtStart: Bool = false, wantsGroups: Bool = false
  ) -> Int32 {
    if wantsGroups { reserve(groups: pattern.groupCount) }
    let range = batch.range(at: document)
    let options = notEmptyAtStart ? PCRE2_NOTEMPTY_ATSTART : 0
    return Self.withBytes(of: batch) {
      run(pattern, $0 + range.lowerBound, range.count, start, options)
    }
  }

  /// Calls a function with PCRE2's return code for each document listed.
  func matchAll(
    _ pattern: PatternCode, _ batch: TextBatch, _ documents: some Sequence<Int>,
    _ body: (Int, Int32) -> Void
  ) {
    Self.withBytes(of: batch) { base in
      for document in documents {
        let range = batch.range(at: document)
        body(document, run(pattern, base + range.lowerBound, range.count, 0, 0))
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

  /// One call of PCRE2.
  // SAFETY: the callers pass a pointer to `length` bytes that live through the call, taken from a
  // range that the batch itself gave. They are valid UTF-8 because a batch holds nothing else, and
  // `start` stands between two scalars, which `PCRE2_NO_UTF_CHECK` and `pcre2_jit_match` require.
  private func run(
    _ pattern: PatternCode, _ subject: UnsafePointer<UInt8>, _ length: Int, _ start: Int,
    _ options: UInt32
  ) -> Int32 {
    guard let data else { return PCRE2_ERROR_NOMEMORY }
    guard pattern.isJIT, stack != nil else {
      return pcre2_match_8(
        pattern.code, subject, length, start, options | PCRE2_NO_UTF_CHECK, data, context)
    }
    let code = pcre2_jit_match_8(pattern.code, subject, length, start, options, data, context)
    if code != PCRE2_ERROR_JIT_STACKLIMIT { return code }
    // The interpreter keeps its stack on the heap and so gets further, within the same limits.
    let slowOptions = options | PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT
    return pcre2_match_8(pattern.code, subject, length, start, slowOptions, data, context)
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
