import CHunchCommit
import HunchCLI

await HunchCommand.main(packs: [], commit: String(cString: hunch_commit()))
