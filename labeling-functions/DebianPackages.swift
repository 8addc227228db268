public import HunchLabeling

/// What kind of thing a package is: sections of the archive, merged.
public enum PackageClass: String, LabelSet {
  case library, development, modules, documentation, science
  case games, media, network, system, desktop
}

/// Packages of documentation, by name.
@RuleBuilder<PackageClass> private var documentationNames: [RuleDefinition] {
  Pattern(#"^\S+-(doc|docs|html|manual|guide)(-\S+)?:"#)
}

/// Packages of header files, by name.
@RuleBuilder<PackageClass> private var headerNames: [RuleDefinition] {
  Pattern(#"^\S+-dev(-\S+)?:"#)
}

/// What is a part for other programs and no program itself, whatever it is about.
@RuleBuilder<PackageClass> private var components: [RuleDefinition] {
  Pattern(
    #"^(lib|golang-|(python|pypy)3?-|node-|ruby-|php|r-|elpa-|cl-|lua-|erlang-|tcl-|gambas3-|qml|gir1)"#
  )
  Pattern(#"^\S+-(dev|docs?|perl|java|cil|cross|el|ocaml|tcl|ruby|clojure)(-\S+)?:"#)
  Keywords(["library", "libraries", "binding", "bindings", "documentation", "manual"])
}

private let families: [(prefix: String, label: PackageClass)] = [
  ("golang-", .development), ("rust-", .development), ("haskell-", .development),
  ("ocaml-", .development), ("gcc-", .development), ("python-", .modules), ("ruby-", .modules),
  ("node-", .modules), ("php-", .modules), ("r-cran-", .science), ("r-bioc-", .science),
  ("fonts-", .desktop), ("xfonts-", .desktop), ("xfce4-", .desktop), ("xserver-", .desktop),
]

/// The names in a list such as `libc6 (>= 2.34), zlib1g | zlib-ng`.
private func packageNames(_ dependencies: String) -> [Substring] {
  dependencies.split { $0 == "," || $0 == "|" }.compactMap { $0.split { " (:".contains($0) }.first }
}

/// Packages of Debian and its relatives; the example in `examples/debian-packages`.
public let debianPackages = RulePack("debian-packages", for: PackageClass.self) {
  // Names
  Pattern("language_suffix", #"^\S+-(?<language>perl|java|clojure|cil|el|ocaml|lua|tcl|ruby|php):"#)
  { match in
    match["language"] == "ocaml" ? .development : .modules
  }
  Pattern(
    "language_prefix",
    #"^(python3?|pypy3?|node|ruby|php[0-9.]*|libjs|elpa|cl|lua|erlang|tcl|guile[0-9.]*|pike[0-9.]*)-\S"#,
    votes: .modules
  )
  .unless {
    documentationNames
    headerNames
  }
  Pattern("r_package", #"^r-(cran|bioc|other)-"#, votes: .science)
  Pattern("dev_package", #"^\S+-dev:"#, votes: .development)
  Pattern("compiled_language", #"^(librust|golang|libghc|gambas3|libcoq)-"#, votes: .development)
    .unless { documentationNames }
  AnyOf("shared_library", votes: .library) {
    Pattern(#"^lib(?!js-|ghc-|rust-|reoffice|mono|java)[^\s:]*?\d[a-z0-9.+]*(-[a-z0-9.]+)?:"#)
    Pattern(#"^qml6?-"#)
  }
  .unless {
    documentationNames
    headerNames
    Pattern(
      #"^\S+-(perl|java|jni|cil|cross|ruby|clojure|ocaml|prof|pic|dbg|bin|tools|utils|data|common|plugins?|examples|i18n|l10n\S*):"#
    )
    Keywords(["transitional", "dummy"])
  }
  Pattern("doc_package", #"^\S+-(doc|docs|html|manual|guide)(-\S+)?:"#, votes: .documentation)
  Pattern(
    "server_part",
    #"^(libapache2-mod|libnginx-mod|uwsgi|proftpd|lighttpd|kamailio|ejabberd|asterisk|dovecot|postfix|pdns|prometheus|claws-mail|courier|freeradius|gosa|nordugrid|neutron|nagios|munin)-"#,
    votes: .network
  )
  .unless {
    documentationNames
    headerNames
  }
  // Texts
  Keywords(
    "documentation_words",
    [
      "documentation", "manual", "manuals", "tutorial", "howto", "faq", "manpages", "man pages",
      "reference guide", "handbook", "book", "examples",
    ], votes: .documentation)
  Keywords(
    "development_files",
    [
      "development file", "development header", "development package", "header files",
      "static librar", "dev files", "(headers)", "- headers", "header-only", "(development)",
    ], matching: .substrings, votes: .development
  )
  .unless { documentationNames }
  Keywords(
    "toolchain",
    [
      "compiler", "debugger", "disassembler", "assembler", "linker", "binutils", "preprocessor",
      "IDE", "build system", "profiler", "code generator", "parser generator", "debhelper", "cmake",
      "gcc", "llvm", "clang", "toolchain", "multilib", "modula-2", "version control",
      "revision control", "git", "geany",
    ], votes: .development
  )
  .unless {
    documentationNames
    Pattern(#"^(lib|python3?-|ruby-|node-|php-|elpa-)"#)
  }
  All("module_of_language", votes: .modules) {
    Keywords([
      "module", "modules", "extension", "extensions", "binding", "bindings", "interface", "library",
      "plugin", "framework", "api", "class", "classes", "package", "port", "wrapper",
    ])
    Keywords([
      "python", "python 3", "perl", "ruby", "php", "java", "javascript", "node.js", "lisp",
      "clojure", "lua", "tcl", "emacs", "erlang", "mono", "cli", "jquery", "guile",
    ])
  }
  .unless {
    documentationNames
    headerNames
  }
  FirstOf("ending") {
    Pattern(#"^\S+-cross:"#, votes: .development)
    Pattern(#"\bdocumentation\)?$"#, votes: .documentation)
    Pattern(#"\b(development( files)?|headers|dev)\)?$"#, votes: .development)
    Pattern(#"(- |\()(shared|runtime) librar(y|ies)\)?$"#, votes: .library)
    Pattern(#"\((python ?[23]?(\.x)?|ruby|perl|php|node\.js|java)( [a-z]+)?\)$"#, votes: .modules)
  }
  Keywords(
    "game_words",
    [
      "game", "games", "puzzle", "puzzles", "arcade", "shooter", "shoot em up", "chess", "tetris",
      "solitaire", "fortune", "minetest", "racing", "pinball", "platformer", "adventure", "rpg",
      "roguelike", "sudoku", "multiplayer",
    ], votes: .games
  )
  .unless { components }
  AnyOf("fonts", votes: .desktop) {
    Pattern(#"^(fonts|xfonts|ttf|otf)-"#)
    Keywords(["font", "fonts", "typeface", "truetype", "opentype"])
  }
  .unless { components }
  Keywords(
    "desktop_words",
    [
      "gnome", "kde", "xfce", "xfce4", "lxqt", "lxde", "mate", "plasma", "cinnamon", "budgie",
      "gnustep", "window manager", "windowmaker", "desktop", "panel", "screensaver", "theme",
      "icons", "dock", "dockapp", "applet", "x server", "x11", "x.org", "wayland",
      "terminal emulator", "display manager", "gkrellm",
    ], votes: .desktop
  )
  .unless {
    components
    Keywords(["game", "games", "network", "player", "devel", "mail"])
  }
  Keywords(
    "translation",
    ["-l10n", "-i18n", "language pack", "localisation", "localization", "translations for"],
    matching: .substrings, votes: .desktop
  )
  .unless { components }
  Keywords(
    "sound",
    [
      "audio", "music", "midi", "mp3", "mixer", "synthesizer", "synth", "ladspa", "lv2", "dssi",
      "jack", "alsa", "pulseaudio", "speech", "player", "speaker", "drum", "sequencer",
      "sound server", "sound editor", "puredata", "pd", "festival", "soundfont",
    ], votes: .media
  )
  .unless {
    components
    Keywords(["game", "games", "server with"])
  }
  Keywords(
    "picture",
    [
      "video", "image viewer", "image manipulation", "photo", "photos", "pictures", "camera",
      "webcam", "jpeg", "png", "ocr", "movie", "television", "dvb", "vdr", "vlc", "mpeg",
      "raytracer", "modeler", "drawing", "paint", "animation", "subtitle", "subtitles", "gimp",
      "obs", "multimedia",
    ], votes: .media
  )
  .unless {
    components
    Keywords(["game", "games", "driver"])
  }
  Keywords(
    "network_words",
    [
      "http", "https", "ftp", "ssh", "dns", "dhcp", "irc", "sip", "xmpp", "jabber", "voip", "vpn",
      "proxy", "firewall", "router", "routing", "ethernet", "packet", "packets", "bittorrent",
      "chat", "telnet", "wireless", "wifi", "bandwidth", "traffic", "ip", "ipv6", "tcp", "snmp",
      "ldap", "kerberos", "openstack", "tunnel", "web browser", "instant messaging", "modem", "fax",
      "gateway", "ham radio", "amateur radio", "sdr", "soapysdr", "pbx", "internet", "mail",
      "email", "e-mail", "smtp", "imap", "pop3", "mailing list", "spam", "mailbox", "mailboxes",
      "maildir", "mta",
    ], votes: .network
  )
  .unless { components }
  Keywords(
    "administration",
    [
      "backup", "boot", "bootloader", "boot loader", "kernel", "filesystem", "filesystems",
      "file system", "disk", "disks", "partition", "init", "initramfs", "pam", "virtual machine",
      "virtual machines", "emulation", "container", "containers", "cluster", "puppet", "dkms",
      "recovery", "forensics", "grub", "qemu", "syslog", "logging", "cron", "selinux", "password",
      "passwords", "compression", "archive", "archives", "archiver", "benchmark", "cd-rom",
      "directory tree", "apt", "ups", "linux image", "security", "storage", "smart card",
      "processes", "privacy guard", "gnupg", "pgp", "mount", "usb", "replication", "anti-virus",
      "configuration management", "rescue",
    ], votes: .system
  )
  .unless {
    components
    Keywords(["network", "game", "games", "openstack"])
  }
  Pattern("input_method", #"\b(input method|ibus|fcitx5?|scim|uim)\b"#, votes: .system)
    .unless {
      components
      Keywords(["mlterm", "immodule", "im module"])
    }
  Keywords("utility", ["utility", "utilities"], votes: .system)
    .unless {
      components
      Keywords([
        "network", "internet", "mail", "image", "video", "audio", "sound", "game", "dna",
        "source code", "compiler", "gnome", "kde", "font", "binary utilities", "desktop", "tex",
        "web", "xfce", "x11", "science", "python", "irc", "tcp", "dns", "git", "debian packages",
      ])
    }
  Keywords(
    "biology",
    [
      "dna", "rna", "gene", "genes", "genome", "genomes", "genomic", "protein", "proteins",
      "phylogenetic", "sequencing", "alignment", "alignments", "nucleotide", "nanopore",
      "biological", "biology", "bioinformatics", "reads", "molecular", "sequences", "molecules",
    ], votes: .science
  )
  .unless {
    components
    Keywords(["game"])
  }
  Keywords(
    "science_words",
    [
      "mathematics", "mathematical", "astronomy", "astronomical", "astrometry", "chemistry",
      "chemical", "physics", "statistical", "bayesian", "simulation", "simulator", "gis", "qgis",
      "electronic", "circuit", "pcb", "octave", "gnu r", "algebra", "finite element", "telescope",
      "crystallography", "plotting", "data analysis", "scientific", "quantum", "spectroscopy",
      "calculator", "data reduction", "translation data", "yorick", "gap", "indi",
      "batch scheduler",
    ], votes: .science
  )
  .unless {
    components
    Keywords(["game", "games"])
  }
  // Fields and external knowledge
  Heuristic("game_libraries", reading: Field<String>("depends")) { _, depends in
    let libraries = ["libsdl", "liballegro", "libsfml", "libphysfs", "libopenal"]
    let names = packageNames(depends ?? "")
    return names.contains { name in libraries.contains { name.hasPrefix($0) } } ? .games : nil
  }
  .unless {
    components
    Keywords(["player", "emulator", "viewer", "audio", "music", "video", "network", "desktop"])
  }
  Heuristic("source_family", reading: Field<String>("source")) { _, source in
    families.first { (source ?? "").hasPrefix($0.prefix) }?.label
  }
  .unless { documentationNames }
  KeyLookup("debtags", key: Field("tag"), separatedBy: ",", in: "tags", classColumn: "class")
  KeyLookup("homepage", key: Field("host"), in: "hosts", classColumn: "class")
    .unless { documentationNames }
  Gazetteer("term", in: "terms", classColumn: "class")
    .unless { components }
}
