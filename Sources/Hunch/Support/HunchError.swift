public import HunchLabeling

/// What can go wrong with a project. Each case carries what its message needs; the wording of all
/// of them stands below, in one place.
public enum HunchError: ReportableError {
  // Configuration
  case configurationMissing(path: String)
  case configurationSyntax(path: String, line: Int?, problem: String)
  case configurationKey(path: String, line: Int, key: String, section: String, known: [String])
  case configurationValue(path: String, line: Int, key: String, expected: String)
  case configurationMissingKey(path: String, key: String, reason: String)
  case rulesName(path: String, line: Int, name: String)
  case rulesNoSwift(path: String, line: Int, name: String)
  case rulesMissing(path: String, line: Int, name: String)
  case rulesEmpty(path: String, line: Int, name: String)
  case rulesTwice(path: String, name: String, first: String, second: String)
  case rulesDoNotCompile(String)
  case rulesNotLoaded(problem: String)
  case noRuleModules(program: String)
  case noCompiler(version: String?)
  case compilerVersion(compiler: String, version: String, needed: String)
  case noPacks(files: [String])
  case noRuleFiles(directory: String)
  case importedColumn(path: String, column: String, known: [String])
  case newLabels(String)
  case unknownCheck(path: String, line: Int, name: String, known: [String])
  case severalPacks([String])
  case unknownPack(name: String, known: [String], areCompiled: Bool)
  case labelsDiffer(pack: [String], configured: [String])
  case rule(RuleError)
  case unknownLabelModel(String, known: [String])
  case classBalance(problem: String)
  case decisionBalance(problem: String)
  case unknownFunction(path: String, line: Int, name: String, known: [String])
  case missingField(column: String, functions: [String], corpus: String, known: [String])
  case functionNameTaken(String, path: String)

  // Corpus
  case corpusMissing(path: String)
  case corpusUnreadable(path: String, problem: String)
  case corpusTable(path: String, table: String, known: [String])
  case corpusColumn(path: String, source: String, column: String, key: String, known: [String])
  case corpusQuery(path: String, problem: String)
  case corpusEmpty(path: String, source: String)
  case duplicateID(path: String, id: String)
  case nullID(path: String, row: Int)
  case idNotKey(path: String, row: Int)
  case badSplit(path: String, id: String, value: String)
  case badGold(path: String, id: String, value: String, labels: [String])
  case badGoldUse(path: String, id: String)
  case featureColumn(path: String, column: String, key: String, known: [String])
  case badFeature(path: String, id: String, column: String, expected: String)
  case unknownDocument(id: String)
  case noSuchFunction(String, known: [String])
  case unknownClass(String, known: [String])
  case corpusChanged(path: String)
  case corpusVaries(path: String, source: String)
  case corpusBusy(path: String)
  case knowledgeBusy(path: String)
  case corpusNeedsFolder(path: String, problem: String)

  // Votes and knowledge
  case votesHeader(path: String, problem: String, hint: String?)
  case badVoteCell(path: String, line: Int, column: String, problem: String, hint: String?)
  case voteIDs(path: String, problem: String)
  case voteClasses(path: String, problem: String)
  case duplicateVote(path: String, line: Int, hint: String?)
  case noThresholdGold(path: String)
  case knowledge(name: String, problem: String)
  case noFunctions

  // Workspace
  case workspaceBusy(path: String, holder: String?)
  case workspaceNewer(path: String, version: Int)
  case workspaceForeign(path: String)
  case workspaceBroken(path: String, problem: String)
  case workspaceUnwritable(path: String, problem: String)
  case workspaceDisk(path: String, problem: String)

  // Results
  case nothingToLearn(reason: String)
  case noGold(split: String)
  case onlyRepairGold(split: String)
  case modelFile(path: String, problem: String)
  case predictInput(path: String, line: Int, problem: String)
  case linesUnread(path: String, count: Int)
  case cannotCreate(path: String, problem: String)
  case inputMissing(path: String)
  case unreadable(path: String, problem: String)
  case exists(path: String)
  case linkInPlace(path: String)
  case noRuns
  case oneRun(number: Int)
  case unknownRun(number: Int, known: [Int])
  case interrupted
  case internalError(String)

  /// How a command that meets this failure ends.
  public var status: ExitStatus {
    switch self {
    case .configurationMissing, .corpusMissing, .inputMissing, .rulesMissing: .inputMissing
    case .configurationSyntax, .configurationKey, .configurationValue, .configurationMissingKey,
      .rulesName, .rulesNoSwift, .rulesEmpty, .rulesTwice, .rulesDoNotCompile, .noRuleModules,
      .noCompiler, .compilerVersion, .noPacks, .noRuleFiles, .unknownCheck, .severalPacks,
      .unknownPack, .labelsDiffer, .rule, .unknownLabelModel, .classBalance, .decisionBalance,
      .unknownFunction, .missingField, .functionNameTaken, .corpusTable, .corpusColumn,
      .featureColumn, .corpusQuery, .corpusVaries, .knowledge, .noFunctions, .voteClasses,
      .noThresholdGold:
      .badConfiguration
    case .corpusUnreadable, .corpusEmpty, .duplicateID, .nullID, .idNotKey, .badSplit, .badGold,
      .badGoldUse, .badFeature, .onlyRepairGold,
      .votesHeader, .badVoteCell, .voteIDs, .duplicateVote, .nothingToLearn, .noGold,
      .modelFile, .predictInput, .linesUnread, .workspaceNewer, .workspaceForeign, .workspaceBroken:
      .badData
    case .importedColumn, .newLabels, .unknownDocument, .noSuchFunction, .unknownClass, .noRuns,
      .oneRun, .unknownRun:
      .usage
    case .workspaceBusy, .corpusBusy, .knowledgeBusy: .busy
    case .workspaceUnwritable, .cannotCreate, .exists, .linkInPlace: .cannotCreate
    case .corpusChanged, .corpusNeedsFolder, .unreadable, .workspaceDisk: .inputOutput
    case .interrupted: .interrupted
    case .internalError, .rulesNotLoaded: .internalError
    }
  }
}

extension HunchError {
  /// Whether the description is several lines: the compiler's words, or a pattern with a mark below.
  public var hasLines: Bool {
    switch self {
    case .rulesDoNotCompile, .rule(.badPattern): true
    default: false
    }
  }

  /// What went wrong and where.
  public var description: String {
    switch self {
    case .configurationMissing(let path): "\(path): no such file"
    case .configurationSyntax(let path, let line, let problem):
      "\(path)\(line.map { ":\($0)" } ?? ""): not valid YAML: \(problem)"
    case .configurationKey(let path, let line, let key, let section, _):
      "\(path):\(line): unknown key '\(key)'\(section.isEmpty ? "" : " in '\(section)'")"
    case .configurationValue(let path, let line, let key, let expected):
      "\(path):\(line): '\(key)' must be \(expected)"
    case .configurationMissingKey(let path, let key, let reason):
      "\(path): '\(key)' is missing: \(reason)"
    case .rulesName(let path, let line, let name):
      "\(path):\(line): 'rules' names Swift files, and '\(name)' is none"
    case .rulesNoSwift(let path, let line, let name):
      "\(path):\(line): '\(name)' is neither a Swift file nor a folder of them"
    case .rulesMissing(let path, let line, let name): "\(path):\(line): no such file: '\(name)'"
    case .rulesEmpty(let path, let line, let name):
      "\(path):\(line): no Swift files in '\(name)'"
    case .rulesTwice(let path, let name, let first, let second):
      "\(path): two files of rules are named '\(name)': '\(first)' and '\(second)'"
    case .rulesDoNotCompile(let words): "the rules do not compile\n\(words)"
    case .rulesNotLoaded(let problem): "the compiled rules cannot be loaded: \(problem)"
    case .noRuleModules(let program):
      "\(program) stands without the modules that rules are compiled with"
    case .noCompiler: "the rules have to be compiled, and no Swift compiler is on the search path"
    case .compilerVersion(let compiler, let version, let needed):
      "\(compiler) is Swift \(version), and this program was built with Swift \(needed)"
    case .noRuleFiles(let directory): "\(directory): hunch.yaml names no files with rules"
    case .importedColumn(let path, let column, _): "\(path): no column '\(column)'"
    case .newLabels(let problem): problem
    case .unknownCheck(let path, let line, let name, _):
      "\(path):\(line): nothing is known by the name '\(name)' ('checks')"
    case .noPacks(let files): "no rule pack in \(files.joined(separator: ", "))"
    case .severalPacks(let names):
      names.isEmpty
        ? "the rules hold no pack"
        : "the rules hold several packs: \(names.joined(separator: ", "))"
    case .unknownPack(let name, _, let areCompiled):
      "no rule pack named '\(name)' \(areCompiled ? "in the rules" : "is part of this program")"
    case .labelsDiffer(let pack, let configured):
      "'labels' in hunch.yaml (\(configured.joined(separator: ", "))) differ from the rule "
        + "pack's (\(pack.joined(separator: ", ")))"
    case .rule(let error): error.description
    case .unknownLabelModel(let name, _): "no label model named '\(name)'"
    case .classBalance(let problem): "class balance: \(problem)"
    case .decisionBalance(let problem): "decision balance: \(problem)"
    case .unknownFunction(let path, let line, let name, _):
      "\(path):\(line): no labeling function named '\(name)' ('function_groups')"
    case .missingField(let column, let functions, let corpus, _):
      "\(corpus): no column '\(column)', which \(functions.joined(separator: ", ")) "
        + (functions.count == 1 ? "reads" : "read")
    case .functionNameTaken(let name, let path):
      "\(path): a function named '\(name)' exists already"
    case .corpusMissing(let path): "\(path): no such corpus"
    case .corpusUnreadable(let path, let problem): "\(path): cannot be read as SQLite: \(problem)"
    case .corpusTable(let path, let table, _): "\(path): no table or view '\(table)'"
    case .corpusColumn(let path, let source, let column, let key, _):
      "\(path): no column '\(column)' in \(source) ('corpus: \(key):' in hunch.yaml)"
    case .corpusQuery(let path, let problem): "\(path): the corpus query fails: \(problem)"
    case .corpusEmpty(let path, let source): "\(path): \(source) has no documents"
    case .duplicateID(let path, let id): "\(path): the id '\(id)' occurs more than once"
    case .nullID(let path, let row): "\(path): row \(row) has no id"
    case .idNotKey(let path, let row):
      "\(path): row \(row): the id is neither an integer nor a text"
    case .badSplit(let path, let id, _):
      "\(path): document '\(id)': the split must be train, valid, test or NULL"
    case .badGold(let path, let id, let value, let labels):
      "\(path): document '\(id)': the gold label \(ClassNames.shown(value)) is none of "
        + ClassNames.listed(labels)
    case .badGoldUse(let path, let id):
      "\(path): document '\(id)': the use of its gold label must be audit, repair or NULL"
    case .featureColumn(let path, let column, let key, _):
      "\(path): no column '\(column)' ('features: \(key):' in hunch.yaml)"
    case .badFeature(let path, let id, let column, let expected):
      "\(path): document '\(id)': column '\(column)' must hold \(expected)"
    case .unknownDocument(let id): "no document with the id '\(id)'"
    case .noSuchFunction(let name, _): "no labeling function named '\(name)'"
    case .unknownClass(let name, _): "no class named '\(name)'"
    case .corpusChanged(let path): "\(path): the corpus changed during the run"
    case .corpusVaries(let path, let source):
      "\(path): \(source) gives other documents each time it is read"
    case .corpusBusy(let path): "\(path): another process is writing the corpus"
    case .knowledgeBusy(let path): "\(path): another process is writing the knowledge base"
    case .corpusNeedsFolder(let path, let problem):
      "\(path): SQLite cannot open it where it stands: \(problem)"
    case .votesHeader(let path, let problem, _), .voteIDs(let path, let problem):
      "\(path): \(problem)"
    case .badVoteCell(let path, let line, let column, let problem, _):
      "\(path):\(line): column '\(column)': \(problem)"
    case .voteClasses(let path, let problem): "\(path): \(problem)"
    case .noThresholdGold(let path):
      "\(path): 'thresholds: valid' needs gold labels that the label model may see, and there are none"
    case .duplicateVote(let path, let line, _): "\(path):\(line): a second row for the same id"
    case .knowledge(let name, let problem): "knowledge base '\(name)': \(problem)"
    case .noFunctions: "the project has no labeling functions"
    case .workspaceBusy(let path, let holder):
      "\(path) is in use by another process\(holder.map { " (pid \($0))" } ?? "")"
    case .workspaceNewer(let path, let version):
      "\(path) was written by a newer Hunch (format \(version))"
    case .workspaceForeign(let path): "\(path) exists already and is no workspace of Hunch"
    case .workspaceBroken(let path, let problem): "\(path) is damaged: \(problem)"
    case .workspaceUnwritable(let path, let problem), .workspaceDisk(let path, let problem):
      "\(path) cannot be written: \(problem)"
    case .nothingToLearn(let reason): "nothing to train on: \(reason)"
    case .noGold(let split): "no document of the split '\(split)' has a gold label"
    case .onlyRepairGold(let split):
      "the gold labels of the split '\(split)' all go to the label model, so they cannot measure it"
    case .modelFile(let path, let problem): "\(path): \(problem)"
    case .predictInput(let path, let line, let problem): "\(path):\(line): \(problem)"
    case .linesUnread(let path, let count):
      count == 1
        ? "\(path): 1 line could not be read and has no answer"
        : "\(path): \(count) lines could not be read and have no answers"
    case .cannotCreate(let path, let problem): "\(path) cannot be created: \(problem)"
    case .inputMissing(let path): "\(path): no such file"
    case .unreadable(let path, let problem): "\(path) cannot be read: \(problem)"
    case .exists(let path): "\(path) exists already"
    case .linkInPlace(let path):
      "\(path) is a symbolic link in the place of a file or folder of Hunch's own"
    case .noRuns: "no run of this project is recorded"
    case .oneRun(let number):
      "no run before run \(number) is recorded, so there is nothing to compare"
    case .unknownRun(let number, _): "no run \(number) is recorded"
    case .interrupted: "interrupted"
    case .internalError(let problem): "internal error: \(problem)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .configurationMissing:
      "give a folder that holds hunch.yaml, or make one with 'hunch new DIR'"
    case .configurationKey(_, _, let key, _, let known):
      nearest(key, in: known).map { "did you mean '\($0)'?" }
        ?? "known are: \(known.joined(separator: ", "))"
    case .rulesName(_, _, let name):
      "write 'rules: rules.swift', the path of a file beside hunch.yaml; a pack that is part of a "
        + "program that embeds Hunch is named by 'pack: \(name)' (docs/migration.md)"
    case .rulesMissing: "paths are relative to hunch.yaml; 'hunch new DIR' makes an example"
    case .rulesTwice: "rename one: Swift tells the files of a module apart by name"
    case .noRuleModules: "install it with 'make install', or run it where it was built"
    case .noCompiler(let version):
      "install Swift \(version ?? "") from swift.org, so that 'swiftc' is on the search path"
    case .compilerVersion: "put that version first on the search path, or build Hunch again"
    case .noRuleFiles: "write 'rules: rules.swift' there; 'hunch new DIR' makes an example"
    case .newLabels: "name them: --labels first,second, or their column: --label COLUMN"
    case .noPacks:
      "a pack is a constant at the top level of a file: let pack = RulePack(\"name\", for: …) { … }"
    case .severalPacks(let names):
      names.first.map { "choose one in hunch.yaml, such as 'pack: \($0)'" }
    case .unknownPack(let name, let known, let areCompiled):
      if known.isEmpty {
        "name the files with rules in hunch.yaml: 'rules: rules.swift' (docs/migration.md)"
      } else if let near = nearest(name, in: known) {
        "did you mean '\(near)'?"
      } else {
        "\(areCompiled ? "they hold" : "it has"): \(known.joined(separator: ", "))"
          + (areCompiled ? "; add the file that has it to 'rules:' in hunch.yaml" : "")
      }
    case .labelsDiffer: "remove 'labels' from hunch.yaml: the pack's are used"
    case .unknownLabelModel(_, let known): "known are: \(known.joined(separator: ", "))"
    case .missingField(let column, _, _, let known), .corpusColumn(_, _, let column, _, let known),
      .corpusTable(_, let column, let known), .featureColumn(_, let column, _, let known),
      .unknownFunction(_, _, let column, let known), .importedColumn(_, let column, let known),
      .unknownCheck(_, _, let column, let known), .noSuchFunction(let column, let known):
      Self.suggestion(column, known)
    case .functionNameTaken: "rename the column, or the rule of the pack"
    case .corpusMissing: "check 'corpus: path:' in hunch.yaml, or make one with 'hunch import'"
    case .corpusEmpty: "import documents with 'hunch import', or check 'corpus:' in hunch.yaml"
    case .duplicateID: "name a column with unique values in 'corpus: id:'"
    case .nullID: "give every document an id, or use a query that leaves such rows out"
    case .noFunctions: "name files with rules by 'rules:' or a file with 'votes:' in hunch.yaml"
    case .workspaceBusy: "wait for it to end, or use another --workspace"
    case .workspaceNewer: "use that version, or another --workspace"
    case .workspaceForeign: "choose another --workspace"
    case .workspaceBroken:
      "save the labels of 'hunch label' with 'hunch export DIR labels', delete it and run again: all "
        + "but these and the list of runs is computed anew"
    case .linkInPlace: "remove the link: only what a command names is written through links"
    case .workspaceUnwritable: "name another place with --workspace"
    case .workspaceDisk: "make room on the disk and run again: what was finished is kept"
    case .corpusChanged: "run again: what was finished is kept"
    case .corpusVaries:
      "leave out random() and the present time, and end a query with ORDER BY and the id; or draw "
        + "the documents once, into a table: CREATE TABLE sample AS SELECT …"
    case .badGold(_, _, let value, let labels):
      ClassNames(labels).near(value).map { "write '\($0)': case counts in class names" }
    case .votesHeader(_, _, let hint), .badVoteCell(_, _, _, _, let hint),
      .duplicateVote(_, _, let hint):
      hint
    case .voteIDs:
      "the ids of 'votes' must be those of the column 'corpus: id:' in hunch.yaml"
    case .corpusBusy, .knowledgeBusy: "wait for it to end and run again"
    case .corpusNeedsFolder:
      "a corpus with a write-ahead log needs a folder that can be written: copy it to one, or have "
        + "its owner set 'PRAGMA journal_mode = DELETE'"
    case .noGold:
      "set 'corpus: gold:' in hunch.yaml, label a few with 'hunch label', or choose another --split"
    case .onlyRepairGold:
      "choose another --split, label random documents with 'hunch label', or mark random ones as "
        + "audit in the column 'corpus: gold_use:'"
    case .noThresholdGold:
      "set 'label_model_gold: valid', or give some with 'hunch label', or use 'thresholds: auto'"
    case .noRuns: "make one with 'hunch run'"
    case .oneRun: "'hunch run' records one after every change"
    case .unknownRun(_, let known):
      known.isEmpty
        ? "make one with 'hunch run'"
        : "'hunch runs' lists them: \(known[0]) to \(known[known.count - 1])"
    case .exists: "choose another name or remove it first"
    case .interrupted: "what was finished is kept; run again to continue"
    case .internalError: "please report this"
    default: nil
    }
  }

  private static func suggestion(_ name: String, _ known: [String]) -> String? {
    if let near = nearest(name, in: known) { return "did you mean '\(near)'?" }
    return known.isEmpty ? nil : "it has: \(known.joined(separator: ", "))"
  }
}
