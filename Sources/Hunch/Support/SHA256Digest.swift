#if canImport(CryptoKit)
  import CryptoKit
  package import Foundation

  /// SHA-256, by the system's library.
  package struct SHA256Digest {
    private var hasher = SHA256()

    /// Nothing was taken yet.
    package init() {}

    /// Takes bytes into the hash.
    package mutating func update(_ bytes: [UInt8]) { hasher.update(data: bytes) }

    /// Takes bytes into the hash.
    package mutating func update(_ bytes: Data) { hasher.update(data: bytes) }

    /// The 32 bytes of the hash of what was taken so far.
    package func finish() -> [UInt8] { Array(hasher.finalize()) }
  }
#endif
