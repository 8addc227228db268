/// Two mentions of entities in a document, about whose relation the rules of a pack vote.
///
/// Either two columns of the corpus name the entities, as `hunch candidates` writes them, or they
/// are the first two entities of a knowledge base that the text names. Everything that depends on a
/// pair abstains on a document in which its mentions are not found; `hunch apply` counts those.
///
/// For example:
///
///     let pair = MentionPair(in: "companies")   // the columns `first` and `second`
///
///     let deals = RulePack("deals", for: Deal.self) {
///       Related("known_deal", pair, in: "deals", from: "buyer", to: "target", votes: .acquisition)
///       Keywords("buys", ["buys", "acquires"], votes: .acquisition).within(pair.fromFirstToSecond)
///       Heuristic("far_apart", over: pair) { $0.wordsBetween > 20 ? .other : nil }
///     }
///
/// Where the two mentions stand:
///
/// 1. where the text has both markers, `_FIRST_` and `_SECOND_`;
/// 2. otherwise where it has what the columns hold, or another name of the same entity: whole
///    words, caseless, in either Unicode normal form. A name inside one of the other entity's names
///    is not a mention of its own.
///
/// Of several mentions of each, the two that stand nearest to each other count; of equally near
/// ones the first.
public struct MentionPair: Sendable, Hashable {
  /// What stands for the first entity in a text whose names are masked.
  public static let firstMarker = "_FIRST_"
  /// What stands for the second entity.
  public static let secondMarker = "_SECOND_"
  /// What stands for every other entity.
  public static let otherMarker = "_OTHER_"

  /// Where the entities are named.
  package enum Source: Sendable, Hashable {
    case columns(first: String, second: String)
    case text
  }

  package let source: Source

  /// The knowledge base that tells which names mean the same entity.
  package let base: String?

  /// A pair that two columns of the corpus name.
  ///
  /// - Parameters:
  ///   - first: The column with the first entity: its key, or one of its names.
  ///   - second: The column with the second entity.
  ///   - base: The knowledge base of the entities, by which names are resolved and whose columns
  ///     are their attributes; without one a name stands for itself.
  public init(
    first: Field<String> = Field("first"), second: Field<String> = Field("second"),
    in base: String? = nil
  ) {
    source = .columns(first: first.column, second: second.column)
    self.base = base
  }

  /// A pair of the first two entities of a knowledge base that a text names, in its order.
  public init(foundIn base: String) {
    source = .text
    self.base = base
  }

  /// The columns of the corpus that name the pair.
  package var fields: [String] {
    if case .columns(let first, let second) = source { [first, second] } else { [] }
  }

  /// What stands between the mentions, whichever comes first.
  public var between: PairRegion { PairRegion(pair: self, extent: .between) }

  /// What stands between the mentions where the first comes first; the rule abstains elsewhere.
  public var fromFirstToSecond: PairRegion { PairRegion(pair: self, extent: .forward) }

  /// What stands between the mentions where the second comes first; the rule abstains elsewhere.
  public var fromSecondToFirst: PairRegion { PairRegion(pair: self, extent: .backward) }

  /// The last words before the mention that comes first in the text.
  public func before(words: Int) -> PairRegion { PairRegion(pair: self, extent: .before(words)) }

  /// The first words behind the mention that comes last in the text.
  public func after(words: Int) -> PairRegion { PairRegion(pair: self, extent: .after(words)) }

  /// Both mentions, what is between them, and some words on either side.
  public func around(words: Int) -> PairRegion { PairRegion(pair: self, extent: .around(words)) }
}

/// A part of the text that lies between or around the mentions of a ``MentionPair``; see
/// ``Rule/within(_:)``.
public struct PairRegion: Sendable, Hashable {
  package enum Extent: Sendable, Hashable {
    case between, forward, backward
    case before(Int), after(Int), around(Int)
  }

  package let pair: MentionPair
  package let extent: Extent
}

extension Rule {
  /// Lets the rule see nothing but a part of the text, such as what stands between two mentions.
  ///
  /// For example:
  ///
  ///     Keywords("bought_by", ["bought by", "acquired by"], votes: .acquisition)
  ///       .within(pair.fromSecondToFirst)
  ///     All("ended_talks", votes: .other) {
  ///       Keywords(["talks"]).within(pair.between)
  ///       Keywords(["ended", "collapsed"]).within(pair.after(words: 5))
  ///     }
  ///
  /// It abstains where that part does not exist: because a mention was not found, or because the
  /// mentions stand in the other order. A part without text, as between neighbours, exists.
  ///
  /// A rule about a pair (``Related``, `Heuristic(_:over:)`, another `within`) cannot stand inside.
  public func within(_ region: PairRegion) -> ModifiedRule<Label> {
    modified { $0.node = .within(region, $0.node) }
  }
}

extension RuleNode {
  /// The pair that the node itself is about.
  var pair: MentionPair? {
    switch self {
    case .within(let region, _): region.pair
    case .related(let rule): rule.pair
    case .pairHeuristic(let rule): rule.pair
    default: nil
    }
  }
}
