package import Hunch

/// Reads an answer while it comes in.
package protocol AnswerReader {
  /// What an answer is read into.
  associatedtype Answer

  /// Takes the next bytes.
  ///
  /// - Throws: ``ServiceFailure/badAnswer(_:)`` as soon as it is clear that it is none.
  mutating func read(_ bytes: Span<UInt8>) throws(ServiceFailure)

  /// The answer, when all of it is there.
  ///
  /// - Throws: ``ServiceFailure/badAnswer(_:)``.
  mutating func finish() throws(ServiceFailure) -> Answer
}

/// Keeps an answer until all of it is there: for small ones.
struct WholeAnswer<Answer>: AnswerReader {
  /// Makes something of the bytes.
  let decode: ([UInt8]) throws(ServiceFailure) -> Answer
  private var bytes: [UInt8] = []

  init(decode: @escaping ([UInt8]) throws(ServiceFailure) -> Answer) { self.decode = decode }

  mutating func read(_ bytes: Span<UInt8>) {
    self.bytes.reserveCapacity(self.bytes.count + bytes.count)
    for index in bytes.indices { self.bytes.append(bytes[index]) }
  }

  func finish() throws(ServiceFailure) -> Answer { try decode(bytes) }
}
