# Turns the output of `apt-cache dumpavail` into a table of packages.
#
#   apt-cache dumpavail | LC_ALL=C awk -f packages.awk sections.tsv - > packages.tsv
#
# The first file maps each section of the archive to a class; a section that it does not list has
# no gold label. The table is tab-separated, with a header, and quotes a value as RFC 4180 says
# where it has to. One row per package name: the first stanza wins.
#
# Written for any POSIX awk. LC_ALL=C makes one byte one character, which keeps the hash and the
# speed the same in every awk.

BEGIN {
  FS = OFS = "\t"
  for (code = 1; code < 128; code++) codes[sprintf("%c", code)] = code
  print "id", "text", "section", "label", "depends", "homepage", "host", "tag", "split", "source"
}

NR == FNR {
  if (FNR > 1) classes[$1] = $2
  next
}

# A line that starts with white space continues the field above it. Of a description only the
# first line counts: the long text is not in every machine's lists.
/^[ \t]/ {
  if (name != "" && name !~ /^Description/) fields[name] = fields[name] " " trimmed($0)
  next
}

/^$/ { finish(); next }

{
  colon = index($0, ":")
  name = substr($0, 1, colon - 1)
  fields[name] = trimmed(substr($0, colon + 1))
}

END { finish() }

function finish(   id, description, section, source) {
  id = fields["Package"]
  if (id != "" && !(id in seen)) {
    seen[id] = 1
    description = "Description" in fields ? fields["Description"] : fields["Description-en"]
    section = fields["Section"]
    sub(/^.*\//, "", section)  # Ubuntu and non-free sections: universe/games
    source = "Source" in fields ? fields["Source"] : id
    sub(/ .*/, "", source)  # name (version)
    print quoted(id), quoted(id ": " description), quoted(section), quoted(classes[section]), \
      quoted(fields["Depends"]), quoted(fields["Homepage"]), quoted(host(fields["Homepage"])), \
      quoted(fields["Tag"]), split_of(source), quoted(source)
  }
  split("", fields)
  name = ""
}

# The host of an address, in lower case, without user, port and a leading "www.".
function host(address) {
  if (!sub(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "", address)) return ""
  sub(/[\/?#].*/, "", address)
  sub(/^.*@/, "", address)
  sub(/:[0-9]*$/, "", address)
  address = tolower(address)
  sub(/^www\./, "", address)
  return address
}

# About 80 % train, 10 % valid, 10 % test, by a polynomial hash: the same name always falls into
# the same split, whatever else is in the list. It is the source package's name, because packages
# built from one source (tool, tool-data, tool-doc) share most of their text and would otherwise
# stand on both sides. All products stay below 2^53.
function split_of(name,   position, hash) {
  hash = 7
  for (position = 1; position <= length(name); position++)
    hash = (hash * 8191 + codes[substr(name, position, 1)]) % 1000000007
  hash = hash % 10
  return hash < 8 ? "train" : hash == 8 ? "valid" : "test"
}

function trimmed(value) {
  gsub(/[\t\r]/, " ", value)
  sub(/^ +/, "", value)
  sub(/ +$/, "", value)
  return value
}

function quoted(value) {
  if (index(value, "\"") == 0) return value
  gsub(/"/, "\"\"", value)
  return "\"" value "\""
}
