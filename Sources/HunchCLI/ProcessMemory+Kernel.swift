#if canImport(Glibc)
  import Foundation
  import Glibc

  /// How the process deals with memory that it has freed.
  enum ProcessMemory {
    /// Keeps freed memory for the next chunk of documents instead of giving it back to the system.
    ///
    /// Chunks need blocks of some hundred kilobytes, which glibc gives back to the system at once;
    /// every page of the next block is then cleared and mapped anew. That took a tenth of the time
    /// of applying rules. There are no more places for it than processors: short-lived threads would
    /// leave some in eight times as many.
    static func keepFreed() {
      typealias Setting = @convention(c) (Int32, Int32) -> Int32
      // SAFETY: the symbol, where there is one, is glibc's `int mallopt(int, int)`, which Swift's
      // Glibc module does not declare; it takes any values.
      guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "mallopt") else { return }
      let mallopt = unsafeBitCast(symbol, to: Setting.self)
      let (trimThreshold, mapThreshold, arenas): (Int32, Int32, Int32) = (-1, -3, -8)
      _ = mallopt(mapThreshold, 32 << 20)
      _ = mallopt(trimThreshold, 256 << 20)
      _ = mallopt(arenas, Int32(clamping: ProcessInfo.processInfo.activeProcessorCount))
    }
  }
#else
  /// How the process deals with memory that it has freed.
  enum ProcessMemory {
    /// Other systems' allocators keep it themselves.
    static func keepFreed() {}
  }
#endif
