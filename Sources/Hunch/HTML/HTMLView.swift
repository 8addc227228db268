/// What the templates read: words and pictures, no figures.
///
/// The template library looks a name up in the enclosing values when the innermost has none, and an
/// optional that is `nil` counts as having none. So the name of an optional occurs nowhere else.
enum HTMLView {
  struct Page {
    var style: HTMLMarkup
    var title: String
    var lead: String?
    var tiles: [Tile]
    var details: [Fact]
    var sections: [Section]
    var hasFindings: Bool
    var findings: [Finding]
    var functionTable: FunctionTable
    var cardsExplanation: String
    var cards: [Card]
    var pairSection: Pairs
    var classSection: Classes
    var labelModel: LabelModel
    var classifierNote: String?
    var evaluation: Evaluation?
    var noEvaluation: String
    var hasStrongest: Bool
    var strongest: [Strongest]
    var errorSection: Errors?
    var runSection: Runs?
    var hasCrowds: Bool
    var crowdSections: [Crowd]
    var privacy: String
  }

  /// A run of characters of a document.
  struct Piece {
    var piece: String
    var isMatch: Bool
  }

  struct Section {
    var anchor: String
    var heading: String
  }

  struct Tile {
    var term: String
    var value: String
    var tileDetail: String?
  }

  struct Fact {
    var term: String
    var value: String
  }

  struct Finding {
    struct Part {
      var words: String
      var link: String?
      var isLabel: Bool
    }

    var weight: String
    var word: String
    var parts: [Part]
    var command: String?
  }

  struct FunctionTable {
    struct Row {
      var number: String
      var anchor: String
      var name: String
      var isSilent: Bool
      var polarity: String
      var votes: String
      var bar: HTMLMarkup
      var coverage: String
      var overlaps: String
      var conflicts: String
      var gold: Gold?
      var implied: String
      var impliedInterval: String
      var dots: HTMLMarkup
    }

    struct Gold {
      var right: String
      var accuracy: String
      var interval: String
      var isWrong: Bool
    }

    var explanation: String
    var caption: String
    var hasGold: Bool
    var rows: [Row]
    var totalVotes: String
    var totalCoverage: String
    var totalOverlaps: String
    var totalConflicts: String
  }

  struct Card {
    struct Rival {
      var rivalAnchor: String
      var rivalName: String
      var rivalFigures: String
      var separator: String
    }

    struct Group {
      var heading: String
      var examples: [Example]
    }

    struct Example {
      var hasExcerpt: Bool
      var excerpt: [Piece]
      var id: String
      var vote: String
      var goldLabel: String?
      var modelLabel: String
      var probability: String
      var otherVotes: String?
    }

    var anchor: String
    var name: String
    var kind: String
    var gist: String?
    var summary: String?
    var votesInWords: String
    var hasRivals: Bool
    var rivals: [Rival]
    var groups: [Group]
  }

  struct Pairs {
    struct Row {
      var anchor: String
      var firstAnchor: String
      var first: String
      var secondAnchor: String
      var second: String
      var differing: String
      var agreeing: String
      var share: String
      var sides: Sides?
      var ids: [String]
    }

    /// Two functions that vote on the same documents.
    struct Meeting {
      var anchor: String
      var firstAnchor: String
      var first: String
      var secondAnchor: String
      var second: String
      var both: String
      var differing: String
      var agreeingIDs: [String]
      var differingIDs: [String]
    }

    struct Sides {
      var withFirst: String
      var withSecond: String
      var withNeither: String
    }

    var heatMap: HTMLMarkup?
    var pairsExplanation: String
    var hasPairs: Bool
    var hasGold: Bool
    var hasMeetings: Bool
    var meetingsTitle: String
    var meetings: [Meeting]
    var pairsTitle: String
    var pairsCaption: String
    var pairRows: [Row]
  }

  struct Classes {
    struct Row {
      var name: String
      var functionCount: String
      var documents: String
      var documentShare: String
      var documentBar: HTMLMarkup
      var balance: String
      var onGold: Gold?
    }

    struct Gold {
      var goldCount: String
      var goldShare: String
      var goldCovered: String
      var goldBar: HTMLMarkup
      var goldReached: String
    }

    struct Split {
      var name: String
      var documents: String
      var withGold: String
      var covered: String
    }

    struct Uncovered {
      var hasExcerpt: Bool
      var excerpt: [Piece]
      var id: String
      var split: String
    }

    var classesCaption: String
    var hasGold: Bool
    var classRows: [Row]
    var splits: [Split]
    var hasUncovered: Bool
    var uncoveredTitle: String
    var uncovered: [Uncovered]
  }

  struct LabelModel {
    var usesGold: Bool
    var modelFacts: [Fact]
    var hasWarnings: Bool
    var warnings: [String]
    var hasDependencies: Bool
    var dependencies: [String]
  }

  struct Evaluation {
    struct Model {
      var name: String
      var documents: String
      var covered: String
      var accuracy: String
      var interval: String
      var macroF1: String
      var logLoss: String
      var brier: String
      var ece: String
      var auc: String
    }

    struct Class {
      var name: String
      var support: String
      var modelPrecision: String
      var modelRecall: String
      var modelF1: String
      var precision: String
      var recall: String
      var f1: String
    }

    struct Confusion {
      struct Row {
        var label: String
        var cells: [Cell]
      }

      struct Cell {
        var count: String
        var shade: String
        var tone: String
      }

      var name: String
      var labels: [String]
      var goldRows: [Row]
    }

    struct Reliability {
      struct Bin {
        var range: String
        var documents: String
        var mean: String
        var accuracy: String
      }

      var name: String
      var ece: String
      var diagram: HTMLMarkup
      var bins: [Bin]
    }

    var modelsCaption: String
    var hasAUC: Bool
    var models: [Model]
    var policy: String
    var perClassCaption: String
    var perClass: [Class]
    var confusions: [Confusion]
    var reliabilities: [Reliability]
    var thresholds: [Threshold]
    var hasSlices: Bool
    var slices: [Slice]

    struct Threshold {
      struct Row {
        var least: String
        var share: String
        var documents: String
        var accuracy: String
        var interval: String
      }

      var name: String
      var diagram: HTMLMarkup
      var thresholdRows: [Row]
    }

    struct Slice {
      var name: String
      var gist: String?
      var documents: String
      var modelAccuracy: String
      var accuracy: String
      var interval: String
      var isWorse: Bool
      var macroF1: String
      var logLoss: String
      var ece: String
    }
  }

  /// The words that speak most for a class.
  struct Strongest {
    struct Word {
      var word: String
      var contribution: String
      var documents: String
    }

    var label: String
    var words: [Word]
  }

  /// How the last run differs from the one before.
  struct Runs {
    struct Function {
      var name: String
      var change: String
      var coverage: String
      var conflicts: String
      var implied: String
      var flipped: String
    }

    struct Setting {
      var key: String
      var before: String
      var after: String
    }

    struct Flip {
      var id: String
      var before: String
      var after: String
      var gold: String
      var why: String
    }

    struct Figure {
      var name: String
      var before: String
      var after: String
      var difference: String
      var interval: String
      var verdict: String
      var isWorse: Bool
    }

    var runsExplanation: String
    var hasChangedFunctions: Bool
    var changedFunctions: [Function]
    var hasSettings: Bool
    var settings: [Setting]
    var hasFlips: Bool
    var flipsTitle: String
    var flips: [Flip]
    var hasFigures: Bool
    var figuresCaption: String
    var figures: [Figure]
  }

  /// Errors and doubtful documents.
  struct Errors {
    struct Bucket {
      struct Pattern {
        var votes: String
        var count: String
        var ids: [String]
      }

      var gold: String
      var predicted: String
      var documents: String
      var share: String
      var voters: String
      var patterns: [Pattern]
    }

    struct Document {
      var excerptText: String?
      var id: String
      var goldLabel: String?
      var modelLabel: String
      var classifierLabel: String
      var measure: String
      var votes: String
    }

    var errorsExplanation: String
    var hasBuckets: Bool
    var bucketsCaption: String
    var buckets: [Bucket]
    var hasWorst: Bool
    var worst: [Document]
    var hasDisagreements: Bool
    var disagreements: [Document]
  }
}
