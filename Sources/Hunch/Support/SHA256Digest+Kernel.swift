#if canImport(CLibCrypto)
  import CLibCrypto
  package import Foundation

  // SAFETY: `Context` owns its context of OpenSSL from `EVP_MD_CTX_new` to `EVP_MD_CTX_free`, and
  // nothing else frees it. Pointers to bytes are used within the call that hands them out, with the
  // count that comes with them. A digest is written into 64 bytes, the longest that OpenSSL knows
  // (`EVP_MAX_MD_SIZE`). A context is changed only through the one digest that refers to it: a copy
  // makes a context of its own before it changes anything.

  /// SHA-256, by the system's library.
  package struct SHA256Digest {
    private var context = Context()

    /// Nothing was taken yet.
    package init() {}

    /// Takes bytes into the hash.
    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Takes bytes into the hash.
    package mutating func update(_ bytes: Data) { bytes.withUnsafeBytes { update($0) } }

    private mutating func update(_ bytes: UnsafeRawBufferPointer) {
      if !isKnownUniquelyReferenced(&context) { context = Context(copying: context) }
      precondition(
        EVP_DigestUpdate(context.handle, bytes.baseAddress, bytes.count) == 1, "SHA-256 fails")
    }

    /// The 32 bytes of the hash of what was taken so far.
    package func finish() -> [UInt8] {
      let last = Context(copying: context)
      var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
      var count: UInt32 = 0
      precondition(EVP_DigestFinal_ex(last.handle, &digest, &count) == 1, "SHA-256 fails")
      return Array(digest.prefix(Int(count)))
    }

    /// What OpenSSL keeps of a hash that is under way.
    private final class Context {
      /// Looked up once: OpenSSL searches its providers for it by name.
      private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

      let handle: OpaquePointer

      init() {
        handle = Self.made()
        precondition(EVP_DigestInit_ex(handle, Self.algorithm, nil) == 1, "no SHA-256")
      }

      init(copying other: Context) {
        handle = Self.made()
        precondition(EVP_MD_CTX_copy_ex(handle, other.handle) == 1, "SHA-256 fails")
      }

      deinit { EVP_MD_CTX_free(handle) }

      private static func made() -> OpaquePointer {
        guard let handle = EVP_MD_CTX_new() else { preconditionFailure("no memory for a hash") }
        return handle
      }
    }
  }
#endif
