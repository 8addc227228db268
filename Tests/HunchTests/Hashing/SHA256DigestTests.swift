import Foundation
import Hunch
import Testing

/// The hash against the examples that its standard is published with (FIPS 180-4; NIST's
/// "Examples with Intermediate Values" and its byte test vectors).
struct SHA256DigestTests {
  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
        + "lmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func published(text: String, hash: String) {
    var digest = SHA256Digest()
    digest.update(Array(text.utf8))
    #expect(hex(digest.finish()) == hash)
    var data = SHA256Digest()
    data.update(Data(text.utf8))
    #expect(hex(data.finish()) == hash)
  }

  @Test("one byte, and a million in pieces of any length")
  func pieces() {
    var byte = SHA256Digest()
    byte.update([0xBD])
    #expect(
      hex(byte.finish()) == "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b")
    for piece in [1, 63, 64, 65, 4096] {
      var digest = SHA256Digest()
      for begin in stride(from: 0, to: 1_000_000, by: piece) {
        digest.update([UInt8](repeating: 0x61, count: min(piece, 1_000_000 - begin)))
      }
      #expect(
        hex(digest.finish())
          == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
  }

  @Test("a copy goes its own way, and an end is none")
  func copies() {
    var one = SHA256Digest()
    one.update(Array("ab".utf8))
    var other = one
    other.update(Array("x".utf8))
    _ = one.finish()
    one.update(Array("c".utf8))
    #expect(
      hex(one.finish()) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(one.finish() != other.finish() && one.finish().count == 32)
  }
}
