package import Hunch

/// Reads the answer to a request for embeddings while it comes in: `{"data": [{"index": 0,
/// "embedding": [0.1, …]}, …], …}`. Only the numbers are kept, four bytes each.
package struct EmbeddingReader: AnswerReader {
  /// What stands somewhere in the answer.
  private enum Part { case answer, data, item, index, embedding, number, other }

  private let count: Int
  private var scanner = JSONScanner()
  private var containers: [Part] = []
  /// The names of the members under way, one for each container.
  private var names: [[UInt8]] = []
  private var hasData = false
  private var item = Item()
  private var items: [Item] = []

  private struct Item {
    var index: Int?
    var embedding: [Float]?
  }

  /// - Parameter count: The number of embeddings that are expected.
  package init(count: Int) { self.count = count }

  package mutating func read(_ bytes: Span<UInt8>) throws(ServiceFailure) {
    for place in bytes.indices {
      do throws(JSONScanner.Malformed) {
        let (first, second) = try scanner.take(bytes[place])
        if first != .nothing { try handle(first) }
        if second != .nothing { try handle(second) }
      } catch {
        throw Self.malformed
      }
    }
  }

  package mutating func finish() throws(ServiceFailure) -> [[Float]] {
    guard scanner.isDone, hasData else { throw Self.malformed }
    guard items.count == count else {
      throw .badAnswer("\(items.count) embeddings for \(count) texts")
    }
    var embeddings = [[Float]](repeating: [], count: count)
    for (place, item) in items.enumerated() {
      let index = item.index ?? place
      guard embeddings.indices.contains(index), embeddings[index].isEmpty else {
        throw .badAnswer("an 'index' does not fit")
      }
      guard let embedding = item.embedding, !embedding.isEmpty, embedding.allSatisfy(\.isFinite)
      else { throw .badAnswer("an embedding is empty or holds what is no finite number") }
      embeddings[index] = embedding
    }
    return embeddings
  }

  private static let malformed = ServiceFailure.badAnswer(
    "it is not JSON with 'data' of 'embedding's")

  private mutating func handle(
    _ event: JSONScanner.Event
  ) throws(JSONScanner.Malformed) {
    let part = part
    switch event {
    case .nothing: break
    case .name: names[names.count - 1] = scanner.token
    case .beginObject, .beginArray:
      switch (part, event) {
      case (.answer, .beginObject), (.other, _): break
      case (.item, .beginObject): item = Item()
      case (.embedding, .beginArray): item.embedding = []
      case (.data, .beginArray):
        hasData = true
        items.removeAll()
      // What is expected to be a list or an object is one.
      default: throw JSONScanner.Malformed()
      }
      containers.append(part)
      names.append([])
    case .endObject, .endArray:
      if containers.popLast() == .item { items.append(item) }
      names.removeLast()
    case .number where part == .number: item.embedding?.append(Self.number(scanner.token))
    case .number where part == .index:
      guard let index = Self.whole(scanner.token) else { throw JSONScanner.Malformed() }
      item.index = index
    // Nothing at all may stand for an index.
    case .literal where part == .index && scanner.token == Array("null".utf8): break
    case .number, .string, .literal:
      if part != .other { throw JSONScanner.Malformed() }
    }
  }

  /// What begins here, or must.
  private var part: Part {
    switch containers.last {
    case nil: .answer
    case .answer: isNamed("data") ? .data : .other
    case .data: .item
    case .item: isNamed("embedding") ? .embedding : isNamed("index") ? .index : .other
    case .embedding: .number
    default: .other
    }
  }

  private func isNamed(_ name: StaticString) -> Bool {
    names.last.map { "\(name)".utf8.elementsEqual($0) } ?? false
  }

  /// The nearest number; infinite for one that is too large.
  private static func number(_ token: [UInt8]) -> Float {
    Float(String(decoding: token, as: UTF8.self)) ?? .nan
  }

  private static func whole(_ token: [UInt8]) -> Int? {
    let text = String(decoding: token, as: UTF8.self)
    return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
  }
}
