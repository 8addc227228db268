import ArgumentParser
import Hunch

struct AskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "Ask a language model what the rules ask of it.",
    discussion: """
      Rules of the kind Prompt vote as a language model answers. The service is named by the \
      environment: HUNCH_LLM_URL is its address, such as http://localhost:8000/v1 (anything with \
      OpenAI's /chat/completions), HUNCH_LLM_KEY its key. Neither is stored or printed. Texts of \
      documents leave this machine if the service is elsewhere.

      'language_model:' in hunch.yaml names the model, which documents are asked about, and the \
      budget, which holds for all runs on the project together: a request that could pass it is \
      not sent. To go on, raise the number.

      Each answer is stored as it comes, so a run that is stopped or killed goes on where it was, \
      and nothing is asked twice. 'hunch run' and 'hunch apply' ask, too, where the address and a \
      budget are given; else they use the answers that there are.

      Examples:
        hunch ask examples/support-questions --dry-run
        HUNCH_LLM_URL=http://localhost:8000/v1 hunch ask examples/support-questions
      """)

  @OptionGroup var project: ProjectOptions

  @Flag(help: "Say what would be asked and what that costs; ask nothing.") var dryRun = false

  func run() throws {
    let asking = try Asking(AppliedVotes(project.session()))
    let report = try dryRun ? asking.estimate() : asking.ask()
    try project.common.output.show(report) { $0.ask(report) }
  }
}
