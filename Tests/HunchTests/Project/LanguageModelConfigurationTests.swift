import Hunch
import ProjectSupport
import Testing

/// The section of `hunch.yaml` on language models.
struct LanguageModelConfigurationTests {
  private func read(_ section: String) throws -> LanguageModelConfiguration? {
    let project = try TestProject(
      "labels: [ham, spam]\ncorpus: { path: c.sqlite, table: d, id: id, text: t }\n\(section)\n")
    return try Project(directory: project.directory, packs: []).configuration.languageModel
  }

  private func problem(_ section: String) throws -> String? {
    do {
      _ = try read(section)
      return nil
    } catch let error as HunchError {
      return "\(error)" + (error.hint.map { " (\($0))" } ?? "")
    }
  }

  @Test func allKeys() throws {
    #expect(try read("seed: 1") == nil)
    #expect(try read("language_model: { model: m }") == LanguageModelConfiguration(model: "m"))
    var wanted = LanguageModelConfiguration(model: "m")
    wanted.budget = LanguageModelConfiguration.Budget(requests: 10, tokens: 2000, money: 0.5)
    wanted.prices = LanguageModelConfiguration.Prices(input: 0.15, output: 0.6)
    wanted.concurrency = 8
    wanted.timeout = 30
    wanted.sample = LanguageModelConfiguration.Sample(documents: 500, order: .uncovered)
    wanted.splits = [.train, .test]
    wanted.questionsPerCall = 3
    wanted.calibrates = false
    wanted.temperature = 0.5
    let section = """
      language_model:
        model: m
        budget: { requests: 10, tokens: 2000, money: 0.5 }
        prices: { input: 0.15, output: 0.6 }
        concurrency: 8
        timeout: 30
        sample: { documents: 500, by: uncovered }
        splits: [test, train]
        questions_per_call: 3
        calibrate: false
        temperature: 0.5
      """
    #expect(try read(section) == wanted)
  }

  @Test(arguments: [
    ("language_model: { budget: { requests: 1 } }", "'language_model: model' is missing"),
    ("language_model: { model: m, buget: 3 }", "did you mean 'budget'?"),
    ("language_model: { model: m, budget: { request: 3 } }", "did you mean 'requests'?"),
    ("language_model: { model: m, budget: { requests: -1 } }", "a whole number from 0"),
    ("language_model: { model: m, budget: { money: 1 } }", "'language_model: prices:'"),
    ("language_model: { model: m, prices: { input: 1 } }", "the money for a million tokens"),
    ("language_model: { model: m, concurrency: 0 }", "a whole number from 1 to 256"),
    ("language_model: { model: m, sample: { by: random } }", "a number of 'documents'"),
    ("language_model: { model: m, sample: { documents: 5, by: chance } }", "uncertain, uncovered"),
    ("language_model: { model: m, splits: [train, train] }", "a list of splits"),
    ("language_model: { model: m, splits: dev }", "a list of splits"),
    ("language_model: { model: m, calibrate: maybe }", "true or false"),
    ("language_models: { model: m }", "did you mean 'language_model'?"),
  ])
  func problems(section: String, words: String) throws {
    let problem = try #require(try problem(section))
    #expect(problem.contains(words), "\(problem)")
  }
}
