# Turns what a command printed on a terminal into an SVG picture of it.
#
# Colours and weights come from the escape sequences that hunch writes: 1 bold, 2 faint, 31 red,
# 32 green, 33 yellow, 0 plain. The command itself stands in `command`.

function escaped(text) {
  gsub(/&/, "\\&amp;", text)
  gsub(/</, "\\&lt;", text)
  gsub(/>/, "\\&gt;", text)
  return text
}

function add(line) { lines[++count] = line }

BEGIN {
  tone["1"] = "b"; tone["2"] = "f"; tone["31"] = "r"; tone["32"] = "g"; tone["33"] = "y"
  add("<tspan class=\"f\">$ </tspan><tspan class=\"b\">" escaped(command) "</tspan>")
}

{
  sub(/\r$/, "")
  out = ""
  rest = $0
  class = ""
  while (match(rest, /\033\[[0-9;]*m/)) {
    piece = escaped(substr(rest, 1, RSTART - 1))
    code = substr(rest, RSTART + 2, RLENGTH - 3)
    rest = substr(rest, RSTART + RLENGTH)
    if (piece != "") out = out (class == "" ? piece : "<tspan class=\"" class "\">" piece "</tspan>")
    class = tone[code]
  }
  add(out escaped(rest))
}

END {
  width = 100 * 7.83 + 36
  height = count * 17 + 32
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n", width, height, width, height
  print "<title>" escaped(command) "</title>"
  print "<style>text { font: 13px ui-monospace, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; fill: #d6dbe1; white-space: pre; } .b { font-weight: 700; fill: #fff; } .f { fill: #8b96a3; } .r { fill: #ff8f85; } .g { fill: #7fd08a; } .y { fill: #f0b860; }</style>"
  printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#171b20\"/>\n", width, height
  for (line = 1; line <= count; line++)
    printf "<text x=\"18\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", 14 + line * 17, lines[line]
  print "</svg>"
}
