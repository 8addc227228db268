/// What the templates read: words and pictures, no figures.
///
/// The template library looks a name up in the enclosing values when the innermost has none, and an
/// optional that is `nil` counts as having none. So the name of an optional occurs nowhere else, or
/// begins with a dot in the template.
enum HTMLView {
  struct Page {
    var style: HTMLMarkup
    var title: String
    var lead: String?
    var tiles: [Fact]
    var details: [Fact]
    var sections: [Section]
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
    var strongest: [Strongest]
    var errorSection: Errors?
    var runSection: Runs?
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

  struct Fact {
    var term: String
    var value: String
    var tileDetail: String?
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
    }

    struct Group {
      var heading: String
      var examples: [Example]
    }

    struct Example {
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
    var rivals: [Rival]
    var groups: [Group]
  }

  struct Pairs {
    var heatMap: HTMLMarkup?
    var pairsExplanation: String
    var meetingsTitle: String
    var meetingTable: HTMLTable?
    var pairsTitle: String
    var pairTable: HTMLTable?
  }

  struct Classes {
    struct Uncovered {
      var excerpt: [Piece]
      var id: String
      var split: String
    }

    var classTables: [HTMLTable]
    var uncoveredTitle: String
    var uncovered: [Uncovered]
  }

  struct LabelModel {
    var usesGold: Bool
    var modelFacts: [Fact]
    var warnings: [String]
    var dependencies: [String]
  }

  struct Evaluation {
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

    var modelTable: HTMLTable
    var policy: String
    var perClassCaption: String
    var perClass: [Class]
    var confusions: [Confusion]
    var reliabilities: [Diagram]
    var thresholds: [Diagram]
    var sliceTable: HTMLTable?
  }

  /// A picture with its figures.
  struct Diagram {
    var figureCaption: String
    var diagram: HTMLMarkup
    var table: HTMLTable
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
    var runsExplanation: String
    var runTables: [HTMLTable]
    var flipsTitle: String
    var flipTable: HTMLTable?
  }

  /// How the workers of a crowd answer.
  struct Crowd {
    var crowdName: String
    var crowdSentence: String
    var crowdTrouble: String?
    var workerTable: HTMLTable
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
    var bucketsCaption: String
    var buckets: [Bucket]
    var worst: [Document]
    var disagreements: [Document]
  }
}
