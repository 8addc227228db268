/// The pairs and regions of some rules, ready to run.
///
/// The rules inside regions are programs of their own: a region's text is a document to them, so
/// every kind of rule works there as it does on whole texts.
struct PairProgram: Sendable {
  /// The pairs, each once.
  var finders: [PairFinder] = []
  /// The regions, each once, with the rules inside.
  var regions: [RegionProgram] = []

  struct RegionProgram: Sendable {
    /// The index of the region's pair.
    var finder: Int
    var extent: PairRegion.Extent
    var program: RuleProgram
  }
}

/// Collects the pairs and regions of rules. What several rules have in common is compiled once.
struct PairCompiler {
  private(set) var finders: [PairFinder] = []
  private var indexOfPair: [MentionPair: Int] = [:]
  private var namesOfBase: [String: EntityNames] = [:]

  private var regions: [(finder: Int, extent: PairRegion.Extent)] = []
  private var compilers: [RuleCompiler] = []
  private var roots: [[CompiledNode]] = []
  private var indexOfRegion: [PairRegion: Int] = [:]

  /// The index of a pair.
  ///
  /// - Parameter base: The pair's base, for its first use.
  mutating func add(_ pair: MentionPair, base: KnowledgeBase?) -> Int {
    if let known = indexOfPair[pair] { return known }
    if let base, namesOfBase[base.name] == nil { namesOfBase[base.name] = EntityNames(base) }
    finders.append(PairFinder(pair: pair, names: base.flatMap { namesOfBase[$0.name] }))
    indexOfPair[pair] = finders.count - 1
    return finders.count - 1
  }

  /// Compiles a rule to be run inside a region.
  ///
  /// - Parameters:
  ///   - finder: The index of the region's pair.
  ///   - empty: What compiles the region's first rule.
  ///   - compile: Compiles the rule.
  mutating func add(
    _ region: PairRegion, finder: Int, empty: RuleCompiler,
    _ compile: (inout RuleCompiler) throws(RuleError) -> CompiledNode
  ) throws(RuleError) -> CompiledNode {
    let index: Int
    if let known = indexOfRegion[region] {
      index = known
    } else {
      index = regions.count
      regions.append((finder, region.extent))
      compilers.append(empty)
      roots.append([])
      indexOfRegion[region] = index
    }
    roots[index].append(try compile(&compilers[index]))
    return .within(region: index, root: roots[index].count - 1)
  }

  /// Everything that was collected.
  func program(labelCount: Int) -> PairProgram {
    PairProgram(
      finders: finders,
      regions: regions.indices.map { index in
        PairProgram.RegionProgram(
          finder: regions[index].finder, extent: regions[index].extent,
          program: RuleProgram(
            compilers[index], functions: [], fields: [], roots: roots[index],
            labelCount: labelCount))
      })
  }
}
