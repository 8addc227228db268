package import Hunch

/// Reads the answer to a request for embeddings while it comes in: `{"data": [{"index": 0,
/// "embedding": [0.1, …]}, …], …}`. Only the numbers are kept, four bytes each.
package struct EmbeddingReader: AnswerReader {
  /// What an open container is.
  private enum Container { case answer, data, item, embedding, other }

  private let count: Int
  private var scanner = JSONScanner()
  private var containers: [Container] = []
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
    let inside = containers.last
    switch event {
    case .nothing: break
    case .name: names[names.count - 1] = scanner.token
    case .beginObject, .beginArray:
      let container = container(event == .beginArray)
      // What is expected to be a list or an object is one.
      if container == nil { throw JSONScanner.Malformed() }
      switch container {
      case .item: item = Item()
      case .embedding: item.embedding = []
      case .data:
        hasData = true
        items.removeAll()
      default: break
      }
      containers.append(container ?? .other)
      names.append([])
    case .endObject, .endArray:
      if inside == .item { items.append(item) }
      containers.removeLast()
      names.removeLast()
    case .number:
      switch inside {
      case .embedding: item.embedding?.append(Self.number(scanner.token))
      case .item where isNamed("index"):
        guard let index = Self.whole(scanner.token) else { throw JSONScanner.Malformed() }
        item.index = index
      default: try check(false)
      }
    case .string: try check(false)
    case .literal: try check(scanner.token.first == UInt8(ascii: "n"))
    }
  }

  /// Refuses what stands where a list, an object or a number should.
  ///
  /// - Parameter isNull: Nothing at all may stand for an index.
  private func check(_ isNull: Bool) throws(JSONScanner.Malformed) {
    let isWrong =
      switch containers.last {
      case nil, .data, .embedding: true
      case .answer: isNamed("data")
      case .item: isNamed("embedding") || isNamed("index") && !isNull
      case .other: false
      }
    if isWrong { throw JSONScanner.Malformed() }
  }

  /// What begins here; nil for the wrong kind of container.
  private func container(_ isArray: Bool) -> Container? {
    switch containers.last {
    case nil: isArray ? nil : .answer
    case .answer: isNamed("data") ? (isArray ? .data : nil) : .other
    case .data: isArray ? nil : .item
    case .item:
      isNamed("embedding") ? (isArray ? .embedding : nil) : isNamed("index") ? nil : .other
    case .embedding: nil
    case .other: .other
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
