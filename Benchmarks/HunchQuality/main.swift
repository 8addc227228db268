import Foundation
import HunchModels
import TestSupport

/// Scores every label model of Hunch on corpora with gold labels and on synthetic settings. It
/// measures no time, so the same input gives the same figures.
do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  if options.wantsHelp {
    print(Options.usage)
    exit(0)
  }
  // A file without its marks is found before the work, not after it.
  let page = try options.markdown.map { try MarkedPage($0) }
  let report = QualityReport(
    corpora: options.folders.map { CorpusResult($0) },
    settings: SyntheticSetting.all.map { SettingResult($0) })
  for line in report.consoleLines { print(line) }
  try page?.write(report.markdown)
  if let path = options.json { try report.write(toJSON: path) }
} catch let failure as Failure {
  FileHandle.standardError.write(Data("hunch-quality: \(failure.description)\n".utf8))
  exit(failure.status)
} catch {
  FileHandle.standardError.write(Data("hunch-quality: \(error.localizedDescription)\n".utf8))
  exit(74)
}
