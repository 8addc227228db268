// What is stored, little-endian: for numeric columns their number, and for each its name and its
// knots; the same for categorical columns with the values; a byte for where embeddings come from (0
// nowhere, 1 a column, 2 an endpoint) with the column, or the endpoint's address and model; the
// length of embeddings, their mean and what they are multiplied by.

extension DenseFeatures {
  func write(to writer: inout ByteWriter) {
    writer.write(UInt64(knots.count))
    for (name, knots) in zip(columns.numeric, knots) {
      writer.write(name)
      writer.write(UInt64(knots.count))
      for knot in knots { writer.write(knot) }
    }
    writer.write(UInt64(categories.count))
    for (name, values) in zip(columns.categorical, categories) {
      writer.write(name)
      writer.write(UInt64(values.count))
      for value in values { writer.write(value) }
    }
    switch columns.embedding {
    case nil: writer.write(UInt8(0))
    case .column(let name):
      writer.write(UInt8(1))
      writer.write(name)
    case .endpoint(let url, let model):
      writer.write(UInt8(2))
      writer.write(url)
      writer.write(model)
    }
    writer.write(UInt64(center.count))
    for value in center { writer.write(value) }
    writer.write(scale)
  }

  init(from reader: inout ByteReader) throws(ModelFileError) {
    var columns = DenseColumns()
    var knots: [[Double]] = []
    for _ in 0..<(try reader.count(elementSize: 12)) {
      columns.numeric.append(try reader.text())
      var own: [Double] = []
      for _ in 0..<(try reader.count(elementSize: 8)) { own.append(try reader.double()) }
      knots.append(own)
    }
    var categories: [[String]] = []
    for _ in 0..<(try reader.count(elementSize: 12)) {
      columns.categorical.append(try reader.text())
      var own: [String] = []
      for _ in 0..<(try reader.count(elementSize: 4)) { own.append(try reader.text()) }
      categories.append(own)
    }
    switch try reader.integer(UInt8.self) {
    case 0: break
    case 1: columns.embedding = .column(try reader.text())
    case 2:
      let url = try reader.text()
      columns.embedding = .endpoint(url: url, model: try reader.text())
    default: throw .invalidContent("its embeddings come from an unknown place")
    }
    let center = try reader.floats(try reader.count(elementSize: 4))
    let features = DenseFeatures(
      columns: columns, knots: knots, categories: categories, center: center,
      scale: try reader.float())
    guard let features else { throw .invalidContent("its columns do not fit together") }
    self = features
  }
}
