/// The default label model: ``AdaptiveModel``, whose posteriors the text of the documents then
/// informs, see ``TextEvidence``.
///
/// Votes alone give the posteriors of ``AdaptiveModel``. Whoever has the texts too gives them to a
/// ``TextEvidenceTrainer`` with these posteriors, and adds the evidence to each document's.
public struct TextInformed: LabelModel {
  /// "text-informed".
  public let name = "text-informed"

  private let votesModel: any LabelModel

  /// Creates the model.
  public init() { votesModel = AdaptiveModel() }

  private init(_ votesModel: any LabelModel) { self.votesModel = votesModel }

  /// Learns from the votes what ``AdaptiveModel`` learns from them.
  ///
  /// - Throws: ``FitError``, as ``AdaptiveModel`` does.
  public func fit(_ votes: CountedVotes, classBalance: [Double]?) throws -> FittedLabelModel {
    Self.named(try votesModel.fit(votes, classBalance: classBalance))
  }

  /// A fit of ``AdaptiveModel`` under the name of this model.
  public static func named(_ adaptive: FittedLabelModel) -> FittedLabelModel {
    var fit = adaptive
    fit.name = TextInformed().name
    return fit
  }
}

extension TextInformed: GoldInformed {
  func with(_ gold: GoldVotes) -> any LabelModel { TextInformed(votesModel.informed(by: gold)) }
}

extension TextInformed: GroupInformed {
  func with(groups: [[Int]], functionCount: Int) -> any LabelModel {
    TextInformed(votesModel.grouping(groups, functionCount: functionCount) ?? votesModel)
  }
}

extension TextInformed: ClaimInformed {
  func with(_ claims: VoteClaims) -> any LabelModel {
    TextInformed(votesModel.informed(by: claims))
  }
}
