import ArgumentParser
import Foundation
import Hunch

/// Waits for files to change, builds the program again where its sources did, and runs it.
///
/// The run is a process of its own: it is the program with the new rules, and ends at once when files
/// change again.
struct WatchLoop {
  /// How often files are looked at, in seconds, and how long they must be at rest.
  static let interval = 0.1
  static let rest = 0.03

  let options: ProjectOptions
  /// The words behind the program's name that do a run.
  let words: [String]
  let style: Style
  let isStopped: () -> Bool
  let executable: String

  private var children: ChildProcess { ChildProcess(isStopped: isStopped) }

  func run() throws -> Never {
    let project = try options.project()
    let build = RuleBuild(executable: executable, pack: project.pack)
    var program = executable
    var sources = build?.sources() ?? []
    var files = WatchedFiles(WatchedFiles.data(of: project) + sources)
    try describe(project, build)
    if let build, build.isOutdated(sources) {
      try say("building, since sources are newer than the program")
      program = try built({ try build.build(children) { files.isChanged } }) ?? program
    }
    try start(program, files)
    // Compiles all files of the rules once, so that later only the edited one is.
    var quick = build?.quickBuild(sources)
    if let build, let prepared = quick, !files.isChanged,
      try !build.prepare(prepared, children, isOutdated: { files.isChanged })
    {
      quick = nil
    }
    try stopIfAsked()
    // Sources that changed since the program was built.
    var dirty: Set<String> = []
    while true {
      try wait(for: files)
      let changed = files.takeChanges()
      try say(Self.names(changed) + " changed")
      let paths = (try? options.project()).map(WatchedFiles.data) ?? WatchedFiles.data(of: project)
      let now = build?.sources() ?? []
      dirty.formUnion(Set(changed).intersection(sources))
      dirty.formUnion(Set(now).symmetricDifference(sources))
      if now != sources { quick = nil }
      sources = now
      files.watch(paths + sources)
      _ = files.takeChanges()
      if let build, !dirty.isEmpty {
        let start = ContinuousClock.now
        let covered = quick.flatMap { $0.sources.isSuperset(of: dirty) ? $0 : nil }
        let result = try built {
          if let covered { return try build.build(covered, children) { files.isChanged } }
          return try build.build(children) { files.isChanged }
        }
        guard let result else { continue }
        (program, dirty) = (result, [])
        try say("built in \(Figures.seconds(start.duration(to: .now) / .seconds(1)))")
        if quick == nil { quick = build.quickBuild(sources) }
      }
      try start(program, files)
    }
  }

  /// Says what is watched.
  private func describe(_ project: Project, _ build: RuleBuild?) throws {
    if build != nil {
      try say("watching \(options.directory) and the sources of its rules; Ctrl-C ends")
    } else if project.pack == nil {
      try say("watching \(options.directory); Ctrl-C ends")
    } else {
      try say(
        "watching \(options.directory); this program does not stand where it was built, so its "
          + "rules stay as they are; Ctrl-C ends")
    }
  }

  private static func names(_ paths: [String]) -> String {
    let names = paths.map { ($0 as NSString).lastPathComponent }
    return names.count <= 3 ? names.joined(separator: ", ") : "\(names.count) files"
  }

  /// Runs a build; nil where there is no new program.
  private func built(_ build: () throws -> RuleBuild.Outcome) throws -> String? {
    switch try build() {
    case .program(let path): return path
    case .errors(let lines):
      Console.error(lines)
      try say("not built; watching")
      return nil
    case .stopped:
      try stopIfAsked()
      return nil
    }
  }

  /// Runs the program to its end, or until files change.
  private func start(_ program: String, _ files: WatchedFiles) throws {
    var runs = children
    runs.stopSignal = ChildProcess.interrupt
    _ = try runs.run([program] + words) { files.isChanged }
    try stopIfAsked()
  }

  /// Waits until files have changed and are at rest.
  private func wait(for files: WatchedFiles) throws {
    while !files.isChanged {
      try stopIfAsked()
      Thread.sleep(forTimeInterval: Self.interval)
    }
    var latest = files
    while !latest.takeChanges().isEmpty { Thread.sleep(forTimeInterval: Self.rest) }
  }

  private func stopIfAsked() throws {
    if isStopped() { throw ExitCode(ExitStatus.interrupted.rawValue) }
  }

  private func say(_ text: String) throws {
    let lines = ReportText(style: style).wrapped("— \(text)", indent: 2)
    try Console.output(style.paint(String(lines.dropLast()), .faint) + "\n")
  }
}
