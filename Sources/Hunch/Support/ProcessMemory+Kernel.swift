import Foundation

/// How the process deals with memory that it has freed. Systems without glibc decide themselves.
package enum ProcessMemory {
  /// Keeps freed memory for the next chunk of documents instead of giving it back to the system.
  ///
  /// Chunks need blocks of some hundred kilobytes, which glibc gives back to the system at once;
  /// every page of the next block is then cleared and mapped anew. That took a tenth of the time
  /// of applying rules. There are no more places for it than processors: short-lived threads would
  /// leave some in eight times as many.
  package static func keepFreed() {
    let (trimThreshold, mapThreshold, arenas): (Int32, Int32, Int32) = (-1, -3, -8)
    set(mapThreshold, 32 << 20)
    set(trimThreshold, 256 << 20)
    set(arenas, Int32(clamping: ProcessInfo.processInfo.activeProcessorCount))
  }

  /// Gives freed memory back to the system, before something else is made of much of it.
  static func giveBack() {
    // SAFETY: the symbol, where there is one, is glibc's `int malloc_trim(size_t)`, which Swift's
    // Glibc module does not declare; it may be called at any time.
    symbol("malloc_trim", as: (@convention(c) (Int) -> Int32).self).map { _ = $0(0) }
  }

  private static func set(_ parameter: Int32, _ value: Int32) {
    // SAFETY: the symbol, where there is one, is glibc's `int mallopt(int, int)`, which Swift's
    // Glibc module does not declare; it takes any values.
    symbol("mallopt", as: (@convention(c) (Int32, Int32) -> Int32).self).map {
      _ = $0(parameter, value)
    }
  }

  /// A C function of glibc, by its name.
  private static func symbol<Function>(_ name: String, as type: Function.Type) -> Function? {
    #if canImport(Glibc)
      // SAFETY: whoever asks gives the type that the function has.
      dlsym(UnsafeMutableRawPointer(bitPattern: 0), name).map { unsafeBitCast($0, to: type) }
    #else
      nil
    #endif
  }
}
