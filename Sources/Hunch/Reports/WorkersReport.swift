package import HunchModels

/// How the workers of a project's crowds answer.
public struct WorkersReport: Encodable, Sendable {
  /// One worker.
  public struct Worker: Encodable, Sendable {
    /// The name in the file.
    public var worker: String
    /// The answers that count.
    public var answers: Int
    /// The mean share of other workers' answers about the same documents that are the same; `nil`
    /// where nobody else answered.
    public var agreement: Double?
    /// The agreement-implied accuracy: what the model of the crowd believes of the answers.
    public var accuracy: Double?
    /// Wilson's 95 % interval of ``accuracy``.
    public var accuracyInterval: [Double]?
    /// The share of answers that follow the document, not a guess: 1 for all, 0 for none, below 0
    /// for answers that avoid the class.
    public var skill: Double
    /// The 95 % likelihood interval of ``skill``.
    public var skillInterval: [Double]
    /// How far the answers tell classes apart, from 0 to 1: the spammer score of Raykar and Yu.
    public var information: Double
    /// `informative`, `undecided`, `one-class`, `random` or `adversarial`.
    public var verdict: String
    /// The answers of each class, in the order of the labels.
    public var answered: [Int]
    /// The class answered too often by the model of the crowd, and by how many times.
    public var bias: Bias?
    /// The learned confusion matrix: true classes × answers, each row summing to 1.
    public var confusion: [[Double]]
    /// Answers against gold labels that measure; `nil` without such labels.
    public var gold: Gold?
  }

  /// A class that a worker answers more often than the crowd's labels are of it.
  public struct Bias: Encodable, Sendable, Equatable {
    /// The class.
    public var label: String
    /// The share of the worker's answers over the share of the crowd's labels.
    public var ratio: Double
  }

  /// A worker against gold labels.
  public struct Gold: Encodable, Sendable, Equatable {
    /// Answers that agree with gold.
    public var correct: Int
    /// Answers that disagree with gold.
    public var incorrect: Int
    /// The share of right answers; `nil` where none is on gold.
    public var empiricalAccuracy: Double?
    /// Wilson's 95 % interval.
    public var empiricalAccuracyInterval: [Double]?
  }

  /// One crowd.
  public struct Crowd: Encodable, Sendable {
    /// What the configuration calls it.
    public var name: String
    /// The file.
    public var path: String
    /// The documents with an answer.
    public var documents: Int
    /// The answers that count: one for each worker and document.
    public var answers: Int
    /// Answers that the same worker replaced or repeated.
    public var repeatedAnswers: Int
    /// Krippendorff's alpha, nominal; `nil` where it is not defined.
    public var alpha: Double?
    /// Its 95 % interval.
    public var alphaInterval: [Double]?
    /// The documents with two answers or more.
    public var comparedDocuments: Int
    /// The share of each class that the crowd found.
    public var classBalance: [String: Double]
    /// The answers that the crowd counts as beside those of a worker.
    public var priorAnswers: Double
    /// The number of workers of each verdict.
    public var verdicts: [String: Int]
    /// How many workers there are.
    public var workerCount: Int
    /// The workers: spammers first, then by name; `nil` in a summary.
    public var workers: [Worker]?
  }

  /// The classes, in order.
  public var labels: [String]
  /// The crowds, in the order of the project.
  public var crowds: [Crowd]
}

extension WorkersReport.Worker {
  private var kind: WorkerQuality.Verdict? { WorkerQuality.Verdict(rawValue: verdict) }

  /// Whether the answers say nothing of the class, or the contrary.
  package var isBad: Bool { kind?.isSpam == true || kind == .adversarial }

  /// Whether there are too few answers to tell.
  package var isUndecided: Bool { kind == .undecided }

  /// What is to be said of the answers; nothing of those that follow the class.
  package var verdictWords: String {
    switch kind {
    case .informative, nil: ""
    case .undecided: "too few to tell"
    case .oneClass: "always the same"
    case .random: "random"
    case .adversarial: "worse than chance"
    }
  }
}

extension WorkersReport.Bias {
  /// The class, and how many times too often it is answered.
  package var words: String { "\(label) ×\(Figures.fixed(ratio, 1))" }
}

extension WorkersReport.Crowd {
  /// The workers of a verdict.
  package func count(_ verdict: WorkerQuality.Verdict) -> Int { verdicts[verdict.rawValue] ?? 0 }

  /// The workers whose answers say nothing of the class.
  package var spammers: Int { count(.random) + count(.oneClass) }

  /// Who answered how much and how far they agree, in words.
  package var sentence: String {
    var text =
      "\(Figures.count(workerCount, "worker")) gave \(Figures.count(answers, "answer")) about "
      + Figures.count(documents, "document")
    if let alpha {
      text += "; Krippendorff's alpha \(Figures.fixed(alpha, 3))"
      if let alphaInterval {
        text +=
          " (95 % interval \(Figures.fixed(alphaInterval[0], 3)) to "
          + "\(Figures.fixed(alphaInterval[1], 3)))"
      }
    }
    return text
  }

  /// What is wrong with workers, in words; nil where nothing is.
  package var trouble: String? {
    var parts: [String] = []
    func part(_ verdict: WorkerQuality.Verdict, _ words: String) {
      if count(verdict) > 0 { parts.append("\(Figures.count(count(verdict))) \(words)") }
    }
    part(.random, "at random")
    part(.oneClass, "always the same class")
    part(.adversarial, "wrong on purpose or by mistake, worse than chance")
    if parts.isEmpty { return nil }
    let all = spammers + count(.adversarial)
    return "\(Figures.count(all)) of \(Figures.count(workerCount, "worker")) "
      + "\(all == 1 ? "answers" : "answer") without regard to the class: "
      + parts.joined(separator: ", ")
  }
}
