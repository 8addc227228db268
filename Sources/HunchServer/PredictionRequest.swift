import Foundation

/// The texts that the body of a request asks to classify.
enum PredictionRequest: Equatable {
  case one(String)
  case many([String])

  /// Reads a body: `{"text": "…"}`, `{"texts": ["…", …]}` or `["…", …]`; other keys are ignored.
  ///
  /// - Throws: ``RequestProblem`` that says what to send.
  /// - Complexity: O(bytes).
  init(_ body: [UInt8]) throws(RequestProblem) {
    // Foundation finds out as well, but as one kind of broken JSON among others.
    guard String(validating: body, as: UTF8.self) != nil else { throw .notUTF8 }
    do {
      self = try JSONDecoder().decode(PredictionRequest.self, from: Data(body))
    } catch let problem as RequestProblem {
      throw problem
    } catch {
      throw .notJSON
    }
  }
}

extension PredictionRequest: Decodable {
  private enum Key: String, CodingKey { case text, texts }

  init(from decoder: any Decoder) throws {
    if let list = try? decoder.unkeyedContainer() {
      self = .many(try Self.texts(list))
      return
    }
    guard let object = try? decoder.container(keyedBy: Key.self) else {
      throw RequestProblem.noText
    }
    switch (object.contains(.text), object.contains(.texts)) {
    case (true, true): throw RequestProblem.textAndTexts
    case (false, false): throw RequestProblem.noText
    case (true, false):
      self = .one(
        try Self.string(else: .textIsNoString) { try object.decode(String.self, forKey: .text) })
    case (false, true):
      guard let list = try? object.nestedUnkeyedContainer(forKey: .texts) else {
        throw RequestProblem.textsAreNoStrings(element: nil)
      }
      self = .many(try Self.texts(list))
    }
  }

  private static func texts(_ list: any UnkeyedDecodingContainer) throws -> [String] {
    var list = list
    var texts: [String] = []
    while !list.isAtEnd {
      texts.append(
        try string(else: .textsAreNoStrings(element: texts.count)) {
          try list.decode(String.self)
        })
    }
    return texts
  }

  /// A string, or the problem with what is there; one with a broken escape is broken JSON.
  private static func string(
    else problem: RequestProblem, _ decode: () throws -> String
  ) throws -> String {
    do {
      return try decode()
    } catch DecodingError.typeMismatch, DecodingError.valueNotFound {
      throw problem
    } catch {
      throw RequestProblem.notJSON
    }
  }
}
