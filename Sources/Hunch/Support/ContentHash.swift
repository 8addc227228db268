import Foundation
import HunchLabeling
import HunchText

/// SHA-256 over parts that cannot run into each other.
struct ContentHash {
  private var digest = SHA256Digest()

  /// Starts a hash for one purpose, so that hashes for different purposes never agree.
  init(_ purpose: String) { add(purpose) }

  mutating func add(_ text: String) { add(Array(text.utf8)) }

  mutating func add(_ bytes: [UInt8]) {
    add(bytes.count)
    digest.update(bytes)
  }

  mutating func add(_ number: Int) {
    var little = UInt64(bitPattern: Int64(number)).littleEndian
    var bytes: [UInt8] = []
    for _ in 0..<8 {
      bytes.append(UInt8(truncatingIfNeeded: little))
      little >>= 8
    }
    digest.update(bytes)
  }

  /// The hash in hexadecimal.
  func finish() -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest.finish() {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension ContentHash {
  mutating func add(_ batch: TextBatch) {
    add(batch.count)
    add(batch.bytes)
    var lengths: [UInt8] = []
    lengths.reserveCapacity(batch.count * 4)
    for document in 0..<batch.count {
      var length = UInt64(batch.range(at: document).count)
      repeat {
        lengths.append(UInt8(length & 127) | (length > 127 ? 128 : 0))
        length >>= 7
      } while length > 0
    }
    add(lengths)
  }

  mutating func add(_ cells: [FieldContent]) {
    var bytes: [UInt8] = []
    for cell in cells {
      switch cell {
      case .null: bytes.append(contentsOf: "n;".utf8)
      case .integer(let value): bytes.append(contentsOf: "i\(value);".utf8)
      case .real(let value): bytes.append(contentsOf: "r\(value.bitPattern);".utf8)
      case .text(let value): bytes.append(contentsOf: "t\(value.utf8.count):\(value)".utf8)
      }
    }
    add(bytes)
  }
}

extension ContentHash {
  /// The hash of a file's bytes, read in blocks.
  static func file(_ path: String) throws(HunchError) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      guard FileManager.default.fileExists(atPath: path) else { throw .inputMissing(path: path) }
      throw .unreadable(path: path, problem: "it cannot be opened for reading")
    }
    defer { try? handle.close() }
    var digest = SHA256Digest()
    do {
      while let block = try handle.read(upToCount: 1 << 20), !block.isEmpty {
        digest.update(block)
      }
    } catch {
      throw .unreadable(path: path, problem: error.localizedDescription)
    }
    return digest.finish().map { String($0, radix: 16) }.joined(separator: ".")
  }
}
