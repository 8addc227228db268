import Yams

extension ConfigurationReader {
  /// Reads `checks:`, a tree of keys with numbers at its leaves, and `split`.
  func checks(_ node: Node) throws(HunchError) -> Checks {
    guard case .mapping(let mapping) = node else {
      throw invalid(node, "checks", "figures and their bounds, such as 'coverage: 0.8'")
    }
    var checks = Checks()
    for (keyNode, value) in mapping {
      let key = try string(keyNode, "checks")
      if key == "split", case .scalar(let scalar) = value {
        guard let split = Split(named: scalar.string) else {
          throw invalid(value, "split", "train, valid or test")
        }
        checks.split = split
      } else {
        try add(value, [key], keyNode.mark?.line ?? 1, to: &checks)
      }
    }
    return checks
  }

  private func add(
    _ node: Node, _ keys: [String], _ line: Int, to checks: inout Checks
  ) throws(HunchError) {
    if case .mapping(let mapping) = node {
      for (keyNode, value) in mapping {
        let key = try string(keyNode, "checks")
        try add(value, keys + [key], keyNode.mark?.line ?? line, to: &checks)
      }
      return
    }
    guard let required = Double(try string(node, keys.joined(separator: "."))), required.isFinite
    else { throw invalid(node, keys.joined(separator: "."), "a number") }
    checks.all.append(Check(keys: keys, required: required, line: line))
  }
}
