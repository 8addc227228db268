import HunchCLI
import LabelingFunctions

await HunchCommand.main(packs: LabelingFunctions.packs)
