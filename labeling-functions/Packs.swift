public import HunchLabeling

/// The rule packs compiled into `hunch`. A new pack is a file beside this one and a name here.
public let packs: [RulePack] = [supportMessages, supportQuestions, debianPackages, acquisitions]
