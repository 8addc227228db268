import Foundation
import TestSupport
import Testing

@Suite("The built binary on the example")
struct EndToEndTests {
  private func csv(_ text: String) -> [[String]] {
    text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("run prints every table, and again with nothing to evaluate")
  func run() throws {
    let folder = try Projects.supportMessages()
    let first = try HunchBinary.succeed(["run"], in: folder)
    for heading in ["Apply", "Labeling functions", "Label model", "Classifier", "Evaluation"] {
      #expect(first.contains("\n\(heading)  ") || first.hasPrefix("\(heading)  "))
    }
    #expect(first.contains("30,726 votes evaluated (27 functions), 0 known already"))
    let second = try HunchBinary.succeed(["run"], in: folder)
    #expect(second.contains("nothing to evaluate"))
    #expect(second.contains("taken from the workspace"))
    #expect(
      first.replacing("recorded as run 1\n", with: "").components(separatedBy: "Evaluation").last
        == second.replacing("the same as run 1, for the 2nd time\n", with: "")
        .components(separatedBy: "Evaluation").last)
  }

  @Test("the JSON of a run has the keys of the interface")
  func json() throws {
    let folder = try Projects.supportMessages()
    let run = try HunchBinary.json(["run"], in: folder)
    func object(_ key: String) throws -> [String: Any] {
      try #require(run[key] as? [String: Any])
    }
    func keys(_ object: [String: Any], _ expected: String) {
      let missing = Set(expected.split(separator: " ").map(String.init)).subtracting(object.keys)
      #expect(missing.isEmpty)
    }
    #expect(
      Set(["apply", "analyze", "fit", "train", "evaluate", "findings", "record"])
        .isSubset(of: run.keys))
    keys(try object("apply"), "documents functions evaluations reused errors seconds")
    keys(try object("analyze"), "documents coverage overlaps conflicts functions")
    keys(
      try object("fit"),
      "label_model class_balance decision_balance log_likelihood iterations functions "
        + "dependencies goodness_of_fit majority_difference warnings")
    keys(try object("train"), "features documents epochs seconds")
    keys(try object("evaluate"), "split documents label_model label_model_all classifier")
    let function = try #require((try object("analyze")["functions"] as? [[String: Any]])?.first)
    keys(
      function,
      "name kind polarity coverage overlaps conflicts correct incorrect empirical_accuracy "
        + "empirical_accuracy_interval")
    let scored = try #require(try object("evaluate")["classifier"] as? [String: Any])
    keys(scored, "accuracy macro_f1 log_loss brier ece coverage classes confusion")
    #expect(scored["coverage"] as? Double == 1)
    let balance = try #require(try object("fit")["class_balance"] as? [String: Double])
    #expect(Set(balance.keys) == ["card", "transfer", "fees", "access", "account", "loan"])
  }

  @Test("a function that never votes on gold has null figures")
  func silentFunction() throws {
    let folder = try Projects.fruit()
    let analysis = try HunchBinary.json(["analyze"], in: folder)
    let functions = try #require(analysis["functions"] as? [[String: Any]])
    let silent = try #require(functions.first { $0["name"] as? String == "silent" })
    #expect(silent["coverage"] as? Double == 0)
    #expect(silent["correct"] as? Int == 0)
    #expect(silent["empirical_accuracy"] is NSNull)
    #expect(silent["empirical_accuracy_interval"] is NSNull)
  }

  @Test("results do not depend on the number of threads")
  func threads() throws {
    let folder = try Projects.supportMessages()
    var seen: Set<String> = []
    for threads in ["1", "2", "7"] {
      let workspace = "w\(threads)"
      for kind in ["votes", "posteriors", "predictions"] {
        _ = try HunchBinary.succeed(
          [
            "export", ".", kind, "--output", "\(kind).csv", "--threads", threads, "--workspace",
            workspace,
          ], in: folder)
      }
      seen.insert(
        try ["votes", "posteriors", "predictions"].map { try folder.text("\($0).csv") }.joined())
    }
    #expect(seen.count == 1)
  }

  @Test("exports hold every document in corpus order")
  func export() throws {
    let folder = try Projects.fruit()
    let posteriors = csv(
      try HunchBinary.succeed(
        ["export", ".", "posteriors", "--output", "-", "--table-format", "csv"], in: folder))
    #expect(posteriors[0] == ["id", "split", "covered", "label", "sweet", "sour"])
    #expect(posteriors.dropFirst().map { $0[0] } == (1...12).map(String.init))
    for row in posteriors.dropFirst() {
      let sum = try row[4...].map { try #require(Double($0)) }.reduce(0, +)
      #expect(abs(sum - 1) < 1e-12)
    }
    let votes = csv(
      try HunchBinary.succeed(
        ["export", ".", "votes", "--output", "-", "--table-format", "csv"], in: folder))
    #expect(votes[0] == ["id", "honeyed", "acid", "colour", "silent"])
    #expect(votes[1] == ["1", "0", "-1", "0", "-1"])
    #expect(votes[7] == ["7", "0", "-1", "1", "-1"])
  }

  @Test("a model that looks at columns takes them from fields, and says once what is absent")
  func columns() throws {
    let folder = try Projects.supportMessages()
    let yaml = try folder.text("hunch.yaml")
    try folder.write("hunch.yaml", yaml + "\nfeatures:\n  categorical: [channel, page]\n")
    _ = try HunchBinary.succeed(["export", ".", "model", "--output", "m.model"], in: folder)
    let input = """
      {"text":"where is it","channel":"app","page":"cards/delivery"}
      {"text":"where is it","channel":"app"}
      {"text":"where is it"}
      """
    let outcome = try HunchBinary.run(
      ["predict", "--model", "m.model"], in: folder, input: input)
    #expect(outcome.status == 0)
    #expect(Set(outcome.output.split(separator: "\n")).count == 3)
    #expect(
      outcome.errors == """
        hunch: 1 line has no 'channel', which counts as missing there
        hunch: 2 lines have no 'page', which counts as missing there

        """)
    let quiet = try HunchBinary.run(
      ["predict", "--model", "m.model", "--quiet"], in: folder, input: input)
    #expect(quiet.errors.isEmpty && quiet.output == outcome.output)
    let explained = try HunchBinary.succeed(["explain", ".", "30"], in: folder)
    #expect(explained.contains(/channel = \w+ +categorical/))
  }

  @Test("predict needs nothing but the model file, keeps the order, reads JSON and plain lines")
  func predict() throws {
    let folder = try Projects.supportMessages()
    _ = try HunchBinary.succeed(["export", ".", "model", "--output", "m.model"], in: folder)
    let alone = try Folder()
    try FileManager.default.copyItem(atPath: folder.path("m.model"), toPath: alone.path("m.model"))
    let texts = ["where is my mortgage offer", "i forgot my password", "you charged me a fee"]
    let plain = try HunchBinary.succeed(
      ["predict", "--model", "m.model"], in: alone, input: texts.joined(separator: "\n"))
    let json = texts.map { "{\"text\": \"\($0)\"}\n" }.joined()
    try alone.write("in.jsonl", json)
    let fromFile = try HunchBinary.succeed(
      ["predict", "--model", "m.model", "in.jsonl"], in: alone)
    let fromProject = try HunchBinary.succeed(
      ["predict", folder.url.path, "in.jsonl"], in: alone)
    #expect(plain == fromFile)
    #expect(plain == fromProject)
    let labels = try plain.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let probabilities = try #require(object?["probabilities"] as? [String: Double])
      #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-5)
      return try #require(object?["label"] as? String)
    }
    #expect(labels == ["loan", "access", "fees"])
  }

  @Test("a bad line of input is named by file and line, without its text")
  func badLine() throws {
    let folder = try Projects.fruit()
    try folder.write("in.jsonl", "{\"text\": \"plum\"}\n{\"txt\": \"secret\"}\n")
    let outcome = try HunchBinary.run(["predict", ".", "in.jsonl"], in: folder)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("in.jsonl:2"))
    #expect(!outcome.errors.contains("secret"))
  }

  @Test("the JSON of fit, conflicts, evaluate, explain and projects")
  func otherJSON() throws {
    let folder = try Projects.fruit()
    let conflicts = try HunchBinary.json(["conflicts"], in: folder)
    let pairs = try #require(conflicts["pairs"] as? [[String: Any]])
    #expect(
      pairs.map { $0["functions"] as? [String] } == [["honeyed", "colour"], ["acid", "colour"]])
    #expect(pairs.map { $0["example_ids"] as? [String] } == [["7"], ["2"]])
    let fit = try HunchBinary.json(["fit", "--label-model", "majority"], in: folder)
    #expect(fit["label_model"] as? String == "majority")
    let explain = try HunchBinary.json(["explain", ".", "7"], in: folder)
    #expect((explain["votes"] as? [[String: Any]])?.count == 2)
    #expect(explain["text"] == nil)
    let shown = try HunchBinary.json(["explain", ".", "7", "--texts"], in: folder)
    #expect(shown["text"] as? String == "sugar melon")
    #expect(
      try HunchBinary.succeed(["explain", ".", "7", "--texts"], in: folder)
        .contains("sugar melon\n"))
    let listing = try HunchBinary.succeed(["projects", "--format", "json"], in: folder)
    let packs = try JSONSerialization.jsonObject(with: Data(listing.utf8)) as? [[String: Any]]
    #expect(packs?.isEmpty == true, "votes of this project come from a file")
  }

  @Test("a stated class balance and a label model are taken from the command line")
  func labelModelOptions() throws {
    let folder = try Projects.fruit()
    let fit = try HunchBinary.json(
      ["fit", "--class-balance", "sweet=0.75,sour=0.25"], in: folder)
    #expect((fit["class_balance"] as? [String: Double]) == ["sweet": 0.75, "sour": 0.25])
    let bad = try HunchBinary.run(["fit", "--class-balance", "sweet=0.75,sour=0.75"], in: folder)
    #expect(bad.status == 78)
    let chosen = try HunchBinary.json(
      ["fit", "--decision-balance", "sweet=0.75,sour=0.25"], in: folder)
    let plain = try HunchBinary.json(["fit"], in: folder)
    let learned = try #require(plain["class_balance"] as? [String: Double])
    #expect(chosen["class_balance"] as? [String: Double] == learned)
    #expect((chosen["decision_balance"] as? [String: Double]) == ["sweet": 0.75, "sour": 0.25])
    let text = try HunchBinary.succeed(
      ["fit", "--decision-balance", "sweet=0.75,sour=0.25"], in: folder)
    let shares = ["sweet", "sour"].map {
      "\($0) \(String(format: "%.1f", 100 * (learned[$0] ?? 0))) %"
    }
    #expect(text.contains("class balance for training: \(shares.joined(separator: ", "))\n"))
    #expect(text.contains("class balance for decisions: sweet 75.0 %, sour 25.0 %\n"))
    for value in ["valid", "sweet=much"] {
      #expect(try HunchBinary.run(["fit", "--decision-balance", value], in: folder).status == 64)
    }
  }

  @Test("output into a closed pipe ends quietly")
  func closedPipe() throws {
    let folder = try Projects.supportMessages()
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = folder.url
    shell.arguments = [
      "-c", "'\(HunchBinary.path)' export . votes --output - --table-format csv 2>errors | head -1",
    ]
    shell.standardOutput = FileHandle(forWritingAtPath: try folder.write("out", ""))
    try shell.run()
    shell.waitUntilExit()
    #expect(try folder.text("out").hasPrefix("id,card_trouble,"))
    #expect(try folder.text("errors").isEmpty)
  }

  @Test("new makes what examples/own-rules shows")
  func new() throws {
    let folder = try Folder()
    _ = try HunchBinary.succeed(["new", "own-rules"], in: folder)
    let example = Repository.root.appendingPathComponent("examples/own-rules")
    for name in ["rules.swift", "hunch.yaml", "README.md", ".gitignore"] {
      let shown = try String(
        decoding: Data(contentsOf: example.appendingPathComponent(name)), as: UTF8.self)
      #expect(try folder.text("own-rules/\(name)") == shown)
    }
    let twice = try HunchBinary.run(["new", "own-rules"], in: folder)
    #expect(twice.status == 73)
  }
}
