import Foundation
import HunchCLI
import Messages

/// The whole command line with the 73 regular expressions of the SMS Spam Collection as rule pack
/// `sms`, made of `HUNCH_DATA/sms/lfs.json` when the process starts.
///
/// `HUNCH_BENCH_CHANGE=r36=\bfoo\b` changes one rule's definition: it votes on this expression too.
let change = ProcessInfo.processInfo.environment["HUNCH_BENCH_CHANGE"]
let parts = change?.split(separator: "=", maxSplits: 1).map(String.init) ?? []
let alternatives = parts.count == 2 ? [parts[0]: parts[1]] : [:]

await HunchCommand.main(packs: [MessageSet.pack(adding: alternatives)])
