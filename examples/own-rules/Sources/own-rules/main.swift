import HunchCLI

await HunchCommand.main(packs: [feedback])
