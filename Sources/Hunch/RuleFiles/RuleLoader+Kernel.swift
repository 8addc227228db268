import Foundation
import HunchLabeling

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Loads compiled rules into the process, where they stay.
enum RuleLoader {
  /// What a library hands over.
  ///
  /// - Returns: Nil where the file is no library of rules that fits this program.
  static func load(_ path: String) -> CompiledRules? {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL),
      let symbol = dlsym(handle, RuleGlue.symbol)
    else { return nil }
    // SAFETY: The symbol is the `@_cdecl` function of ``RuleGlue``, which takes one pointer. The
    // library was compiled against the modules of this very program, by the name under which it is
    // stored, so both agree on the layout of `CompiledRules`. The function initialises the memory,
    // from which the value is then moved.
    let function = unsafeBitCast(
      symbol, to: (@convention(c) (UnsafeMutableRawPointer) -> Void).self)
    let place = UnsafeMutablePointer<CompiledRules>.allocate(capacity: 1)
    defer { place.deallocate() }
    function(UnsafeMutableRawPointer(place))
    return place.move()
  }

  /// Why the last library was not loaded.
  static var problem: String { dlerror().map { String(cString: $0) } ?? "it holds no rules" }
}
