/// Where patterns go that are too many for memory.
package protocol SpillStorage: Sendable {
  /// Makes an empty file. It is there until the last reference to it goes away.
  func makeFile() throws -> any SpillFile
}

/// Bytes outside memory, written once from front to back and read anywhere.
package protocol SpillFile: AnyObject, Sendable {
  /// Adds bytes at the end.
  func append(_ bytes: [UInt8]) throws

  /// Reads bytes that were written.
  ///
  /// - Throws: Also where fewer bytes are there than asked for.
  func read(at offset: Int, count: Int) throws -> [UInt8]
}
