import Foundation
import HunchModels
import Yams

/// The section that names what the classifier looks at beside the texts.
extension ConfigurationReader {
  /// The key of an embedding among what a document to predict has.
  static let embeddingKey = "embedding"

  ///
  /// - Parameter corpus: Its columns of ids, texts, gold labels and splits tell a class away, or
  ///   nothing.
  func features(
    _ node: Node, beside corpus: CorpusConfiguration
  ) throws(HunchError) -> DenseColumns {
    let reserved =
      [corpus.id, corpus.text, corpus.gold, corpus.split, corpus.goldUse].compactMap(\.self)
      + ["text", Self.embeddingKey]
    let keys = try section(node, "features", ["numeric", "categorical", "embeddings"])
    var columns = DenseColumns()
    var seen: Set<String> = []
    if let node = keys["numeric"] {
      columns.numeric = try columnNames(node, "features: numeric", &seen)
    }
    if let node = keys["categorical"] {
      columns.categorical = try columnNames(node, "features: categorical", &seen)
    }
    for case .sequence(let items) in ["numeric", "categorical"].compactMap({ keys[$0] }) {
      for item in items {
        let name = try string(item, "features")
        if reserved.contains(name) {
          throw invalid(
            item, "features",
            "columns beside those of ids, texts, gold labels and splits, not '\(name)'")
        }
      }
    }
    if let node = keys["embeddings"] { columns.embedding = try embeddings(node) }
    return columns
  }

  private func columnNames(
    _ node: Node, _ key: String, _ seen: inout Set<String>
  ) throws(HunchError) -> [String] {
    var names: [String] = []
    for item in try items(node, key, "a list of columns, such as [price, word_count]") {
      let name = try string(item, key)
      guard seen.insert(name).inserted else {
        throw invalid(item, key, "a list of columns, each named once ('\(name)' is named twice)")
      }
      names.append(name)
    }
    return names
  }

  private func embeddings(_ node: Node) throws(HunchError) -> DenseColumns.Embedding {
    let name = "features: embeddings"
    let keys = try section(node, name, ["column", "url", "model"])
    switch (keys["column"], keys["url"], keys["model"]) {
    case (let column?, nil, nil): return .column(try string(column, "column"))
    case (nil, let url?, let model?):
      let address = try string(url, "url")
      // A name, a password or a key in the address would end up in model files.
      guard let parts = URLComponents(string: address), ["http", "https"].contains(parts.scheme),
        !(parts.host ?? "").isEmpty, parts.user == nil, parts.password == nil, parts.query == nil
      else {
        throw invalid(
          url, "\(name): url",
          "an address such as http://localhost:8000/v1/embeddings, without "
            + "user name, password and query (a key is read from HUNCH_EMBEDDINGS_KEY)")
      }
      return .endpoint(url: address, model: try string(model, "model"))
    default:
      throw invalid(node, name, "given either a 'column', or a 'url' and a 'model'")
    }
  }
}
