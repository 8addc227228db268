internal import CPCRE2
internal import Foundation

/// PCRE2's compiled form of a pattern.
// SAFETY: `code` and `context` come from PCRE2 with their only owner being this object: they are
// freed in `deinit` (the code) or before `init` returns (the context), and no method lets them
// outlive a call. PCRE2 does not change compiled code while matching (pcre2api, "Multithreading"),
// and JIT compilation ends before `init` does, hence `@unchecked Sendable`. What is compiled later
// is behind a lock.
final class PatternCode: @unchecked Sendable {
  let code: OpaquePointer

  /// Whether machine code exists, so that `pcre2_jit_match` may be called.
  let isJIT: Bool

  /// The number of groups, the whole match included.
  let groupCount: Int

  /// Whether every match begins with a run of one kind of character that has no upper bound, such
  /// as `\w+`, and what follows the run does not depend on where it began.
  ///
  /// Where an attempt has failed whose run went from one place to another, an attempt from between
  /// the two fails as well: all the places where its run could end have been tried. PCRE2's
  /// machine code knows that too, but not where callouts are compiled in. Known of code that
  /// counts, `false` for the rest.
  let leadsWithRun: Bool

  private let source: String
  private let options: PatternOptions
  private let dropsNumberedGroups: Bool
  private let lock = NSLock()
  private var countingCode = Counting.unknown  // behind `lock`

  private enum Counting {
    case unknown, impossible
    case code(PatternCode)
  }

  /// Compiles a pattern.
  ///
  /// - Parameters:
  ///   - dropsNumberedGroups: Whether groups without a name do not capture.
  ///   - wantsMachineCode: Whether it is going to be matched.
  ///   - countsSteps: Whether the code calls a ``StepCounter`` before every item.
  init(
    _ source: String, options: PatternOptions, dropsNumberedGroups: Bool, wantsMachineCode: Bool,
    countsSteps: Bool = false
  ) throws(PatternSyntaxError) {
    self.source = source
    self.options = options
    self.dropsNumberedGroups = dropsNumberedGroups
    var flags = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C
    if !options.contains(.caseSensitive) { flags |= PCRE2_CASELESS }
    if options.contains(.multiline) { flags |= PCRE2_MULTILINE }
    if options.contains(.dotMatchesNewlines) { flags |= PCRE2_DOTALL }
    if options.contains(.extended) { flags |= PCRE2_EXTENDED }
    if dropsNumberedGroups { flags |= PCRE2_NO_AUTO_CAPTURE }
    if countsSteps { flags |= PCRE2_AUTO_CALLOUT }
    // A line ends at LF whatever the library was built with: results must not depend on that.
    let context = pcre2_compile_context_create_8(nil)
    defer { pcre2_compile_context_free_8(context) }
    pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
    var error: Int32 = 0
    var offset = 0
    let bytes = Array(source.utf8)
    // SAFETY: the buffer lives through the call and its length is passed with it; the first byte
    // of a made-up array stands in where the pattern is empty.
    let compiled = (bytes.isEmpty ? [0] : bytes).withUnsafeBufferPointer {
      pcre2_compile_8($0.baseAddress, bytes.count, flags, &error, &offset, context)
    }
    guard let compiled else {
      // PCRE2 may stop inside a scalar; the characters that begin before the place count.
      let before = String(decoding: bytes.prefix(offset), as: UTF8.self)
      throw PatternSyntaxError(
        message: PatternMatcher.describe(code: error), pattern: source, offset: before.count)
    }
    code = compiled
    var size = 0
    if wantsMachineCode, pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE) == 0 {
      pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_JITSIZE), &size)
    }
    isJIT = size > 0
    var captures: UInt32 = 0
    pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &captures)
    groupCount = Int(captures) + 1
    leadsWithRun = countsSteps && Self.leadsWithRun(source, options)
  }

  deinit { pcre2_code_free_8(code) }

  /// The same pattern, compiled so that it calls a ``StepCounter``; slower on most texts.
  ///
  /// It is compiled when first asked for and kept. Callable from any thread.
  ///
  /// - Returns: `nil` where the callouts make it larger than what PCRE2 can compile, which takes a
  ///   pattern of several thousand characters.
  func counting() -> PatternCode? {
    lock.withLock {
      if case .unknown = countingCode {
        let code = try? PatternCode(
          source, options: options, dropsNumberedGroups: dropsNumberedGroups,
          wantsMachineCode: isJIT, countsSteps: true)
        countingCode = code.map { .code($0) } ?? .impossible
      }
      if case .code(let code) = countingCode { return code }
      return nil
    }
  }

  private static func leadsWithRun(_ source: String, _ options: PatternOptions) -> Bool {
    // What an atomic group took as a whole may depend on where it began.
    guard !source.contains("(?>"), let root = PatternParser.parse(source, options: options),
      !root.refersToText
    else { return false }
    var node = root
    while case .sequence(let items) = node, let first = items.first { node = first }
    guard case .repeated(let item, let min, let max) = node, min >= 1, max == nil else {
      return false
    }
    switch item {
    case .scalar, .set: return true
    default: return false
    }
  }

  /// The named groups in the order of their numbers.
  func nameTable() -> [(name: String, number: Int)] {
    var count: UInt32 = 0
    var entrySize: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &entrySize)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table else { return [] }
    // SAFETY: the table belongs to `code` and holds `count` entries of `entrySize` bytes: the
    // number in two bytes, then the name, which a zero byte ends within the entry.
    let entries = UnsafeBufferPointer(start: table, count: Int(count) * Int(entrySize))
    var names: [(name: String, number: Int)] = []
    for start in stride(from: 0, to: entries.count, by: max(1, Int(entrySize))) {
      let entry = entries[start..<(start + Int(entrySize))]
      let name = String(decoding: entry.dropFirst(2).prefix { $0 != 0 }, as: UTF8.self)
      names.append((name, Int(entry[start]) << 8 | Int(entry[start + 1])))
    }
    return names.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
  }
}
