import Foundation
import Hunch
import HunchServices
import Testing

/// What reads embeddings while they come in, against whole documents.
struct EmbeddingReaderTests {
  /// - Parameter piece: The bytes that come at a time.
  private func read(_ text: String, count: Int, piece: Int = .max) throws -> [[Float]] {
    var reader = EmbeddingReader(count: count)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(piece))
      try reader.read(part.span)
      rest = rest.dropFirst(piece)
    }
    return try reader.finish()
  }

  private static let plain =
    #"{"data":[{"index":0,"embedding":[1,-0.5]},{"index":1,"embedding":[2,3e2]}]}"#
  private static let rich = #"""
      {
        "object": "list", "usage": {"tokens": [1, {"data": [{"index": "x"}]}, "\"]}\u00e4\\"]},
        "data": [
          {"embedding": [2, 300.0E+0], "object": "embedding", "index": 1.0, "a": {"embedding": "b"}},
          { "more": [[], {}, null, true, false, -0.0, 1e999], "embedding" : [ 1 , -5e-1 ], "index": 0 }
        ],
        "na\"me": "\/\b\f\n\r\t", "": null, "model": "small"
      }

    """#

  @Test("in any order, with anything beside it, in pieces of any length")
  func reads() throws {
    for text in [Self.plain, Self.rich] {
      for piece in Array(1...70) + [.max] {
        #expect(try read(text, count: 2, piece: piece) == [[1, -0.5], [2, 300]])
      }
    }
    // Without an index the place counts.
    let places = #"{"data":[{"embedding":[1],"index":null},{"embedding":[2]}]}"#
    #expect(try read(places, count: 2) == [[1], [2]])
    #expect(try read(#"{"data":[]}"#, count: 0) == [])
    // Of two lists of one name the last counts, as elsewhere.
    #expect(
      try read(#"{"data":[{"embedding":[1]}],"data":[{"embedding":[4]}]}"#, count: 1) == [[4]])
  }

  @Test("the numbers that Foundation reads", arguments: [1 as UInt64, 2, 3])
  func numbers(seed: UInt64) throws {
    var state = seed
    let values = (0..<2000).map { _ -> Float in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: state >> 32))
      return value.isFinite ? value : 0
    }
    let data = try JSONEncoder().encode(values)
    let list = String(decoding: data, as: UTF8.self)
    #expect(try read("{\"data\":[{\"embedding\":\(list)}]}", count: 1) == [values])
    let doubles = values.map { "\(Double($0))" }.joined(separator: ", ")
    #expect(try read("{\"data\":[{\"embedding\":[\(doubles)]}]}", count: 1) == [values])
  }

  @Test(
    "what is none",
    arguments: [
      "", " ", "{", "[]", "null", "7", #""data""#, "{}", #"{"data":{}}"#, #"{"data":null}"#,
      #"{"data":[1]}"#, #"{"data":[[]]}"#, #"{"data":[null]}"#, #"{"data":["x"]}"#,
      #"{"data":[{"embedding":"AAAA"}]}"#, #"{"data":[{"embedding":{}}]}"#,
      #"{"data":[{"embedding":[[1]]}]}"#, #"{"data":[{"embedding":[null]}]}"#,
      #"{"data":[{"embedding":["1"]}]}"#, #"{"data":[{"embedding":[true]}]}"#,
      #"{"data":[{"embedding":[1]}]"#, #"{"data":[{"embedding":[1]}]}}"#,
      #"{"data":[{"embedding":[1]}]} x"#, #"{"data":[{"embedding":[1,]}]}"#,
      #"{"data":[{"embedding":[,1]}]}"#, #"{"data":[{"embedding":[1 2]}]}"#,
      #"{"data":[{"embedding":[01]}]}"#, #"{"data":[{"embedding":[1.]}]}"#,
      #"{"data":[{"embedding":[.5]}]}"#, #"{"data":[{"embedding":[-]}]}"#,
      #"{"data":[{"embedding":[+1]}]}"#, #"{"data":[{"embedding":[1e]}]}"#,
      #"{"data":[{"embedding":[NaN]}]}"#, #"{"data":[{"embedding":[Infinity]}]}"#,
      #"{"data":[{"embedding":[1e39]}]}"#, #"{"data":[{"embedding":[]}]}"#, #"{"data":[{}]}"#,
      #"{"data":[{"index":"0","embedding":[1]}]}"#, #"{"data":[{"index":0.5,"embedding":[1]}]}"#,
      #"{"data":[{"index":1,"embedding":[1]}]}"#, #"{"data":[{"index":-1,"embedding":[1]}]}"#,
      #"{"data":[{"embedding":[1]},{"embedding":[2]}]}"#, #"{"data" [{"embedding":[1]}]}"#,
      #"{"data":[{"embedding":[1]}],}"#, #"{data:[{"embedding":[1]}]}"#, "{\"a\":\"\n\"}",
      #"{"a":"\x"}"#, #"{"a":"\u12g4"}"#, #"{"a":nul}"#, #"{"a":truth}"#, "\u{FEFF}{}",
      #"{"data":[{"embedding":[1]]}"#, #"{"data":[{"embedding":[1]})"#,
    ])
  func refuses(text: String) {
    for piece in [1, .max] {
      let error = #expect(throws: ServiceFailure.self) { try read(text, count: 1, piece: piece) }
      guard case .badAnswer = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test("nothing is as deep or as long as it likes")
  func bounds() {
    let deep = String(repeating: "[", count: 10_000)
    #expect(throws: ServiceFailure.self) { try read("{\"a\":\(deep)", count: 1) }
    let long = String(repeating: "1", count: 10_000)
    #expect(throws: ServiceFailure.self) {
      try read("{\"data\":[{\"embedding\":[\(long)]}]}", count: 1)
    }
    // A long name is none of those that matter.
    let name = String(repeating: "n", count: 10_000)
    #expect(throws: Never.self) {
      try read("{\"\(name)\":1,\"data\":[{\"embedding\":[1]}]}", count: 1)
    }
  }
}
