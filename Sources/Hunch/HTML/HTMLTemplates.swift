import Mustache

/// The page's templates. Each begins with the pragma that makes `{{value}}` escape by
/// ``HTMLEscaping``; `{{{value}}}` is for ``HTMLMarkup`` and the style sheet alone.
///
/// The page is written so that XML parsers read it too: every element is closed, every attribute
/// has a value.
package enum HTMLTemplates {
  /// All templates by name, the page as `page`.
  package static let all: [String: String] = [
    "page": page, "findings": findings, "functions": functions, "cards": cards,
    "example": example, "excerpt": excerpt, "pairs": HTMLSectionTemplates.pairs,
    "classes": HTMLSectionTemplates.classes, "label-model": HTMLSectionTemplates.labelModel,
    "evaluation": HTMLSectionTemplates.evaluation, "confusion": HTMLSectionTemplates.confusion,
    "errors": HTMLErrorTemplates.errors, "doubtful": HTMLErrorTemplates.doubtful,
    "strongest": HTMLErrorTemplates.strongest, "slices": HTMLErrorTemplates.slices,
    "thresholds": HTMLErrorTemplates.thresholds, "meetings": HTMLErrorTemplates.meetings,
    "uncovered": HTMLErrorTemplates.uncovered, "runs": HTMLErrorTemplates.runs,
    "workers": HTMLWorkerTemplates.workers, "table": HTMLTable.template,
    "diagram": HTMLErrorTemplates.diagram,
  ]

  /// Reads all templates.
  static func library() throws -> MustacheLibrary {
    _ = HTMLEscaping.isRegistered
    return MustacheLibrary(
      templates: try all.mapValues { template in
        try MustacheTemplate(string: "{{% CONTENT_TYPE: \(HTMLEscaping.name)}}\n" + template)
      })
  }

  private static let page = #"""
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <meta name="referrer" content="no-referrer"/>
    <meta name="robots" content="noindex"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
    <title>{{title}}: labeling report</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <a class="skip" href="#findings">Skip to the findings</a>
    <header>
    <p class="kind">Hunch labeling report</p>
    <h1>{{title}}</h1>
    {{#lead}}
    <p class="lead">{{lead}}</p>
    {{/lead}}
    <dl class="tiles">
    {{#tiles}}
    <div><dt>{{term}}</dt><dd>{{value}}{{#tileDetail}} <small>{{tileDetail}}</small>{{/tileDetail}}</dd></div>
    {{/tiles}}
    </dl>
    <dl class="facts">
    {{#details}}
    <div><dt>{{term}}</dt><dd>{{value}}</dd></div>
    {{/details}}
    </dl>
    </header>
    <nav aria-label="Sections">
    <ul>
    {{#sections}}
    <li><a href="#{{anchor}}">{{heading}}</a></li>
    {{/sections}}
    </ul>
    </nav>
    <main>
    {{> findings}}
    {{> functions}}
    {{> cards}}
    {{> workers}}
    {{> pairs}}
    {{> classes}}
    {{> label-model}}
    {{> evaluation}}
    {{> errors}}
    {{> runs}}
    </main>
    <footer>
    <p>{{privacy}}</p>
    </footer>
    </body>
    </html>

    """#

  private static let findings = #"""
    <section id="findings" aria-labelledby="findings-heading">
    <h2 id="findings-heading">Findings</h2>
    {{^findings}}
    <p>Nothing stands out.</p>
    {{/findings}}
    {{^empty(findings)}}
    <ul class="findings">
    {{#findings}}
    <li class="{{weight}}"><strong class="weight">{{word}}</strong>
    <p>{{#parts}}{{#link}}<a href="#{{link}}"><code>{{words}}</code></a>{{/link}}{{^link}}{{#isLabel}}<em>{{words}}</em>{{/isLabel}}{{^isLabel}}{{words}}{{/isLabel}}{{/link}}{{/parts}}{{#command}} <span class="command">See <code>{{command}}</code></span>{{/command}}</p></li>
    {{/findings}}
    </ul>
    {{/empty(findings)}}
    </section>

    """#

  private static let functions = #"""
    <section id="functions" aria-labelledby="functions-heading">
    <h2 id="functions-heading">Labeling functions</h2>
    {{#functionTable}}
    <p>{{explanation}}</p>
    <ul class="legend">
    <li><i class="swatch covers"></i> votes alone</li>
    <li><i class="swatch overlaps"></i> another function votes too</li>
    <li><i class="swatch conflicts"></i> another votes for another class</li>
    {{#hasGold}}
    <li><i class="dot gold"></i> accuracy on gold, 95 % interval</li>
    <li><i class="tick"></i> right by voting blindly</li>
    {{/hasGold}}
    <li><i class="dot implied"></i> implied by agreement, not measured</li>
    </ul>
    <div class="scroll" role="region" tabindex="0" aria-labelledby="functions-caption">
    <table class="functions">
    <caption id="functions-caption">{{caption}}</caption>
    <thead>
    <tr><th scope="col" class="n">#</th><th scope="col">function</th><th scope="col">votes for</th><th scope="col" class="n">votes</th><th scope="col"><span class="hidden">coverage, overlaps and conflicts as a bar</span></th><th scope="col" class="n">coverage</th><th scope="col" class="n">overlaps</th><th scope="col" class="n">conflicts</th>{{#hasGold}}<th scope="col" class="n">right on gold</th><th scope="col" class="n">accuracy</th>{{/hasGold}}<th scope="col" class="n">implied accuracy</th><th scope="col"><span class="axis"><span>0</span><span>accuracy</span><span>1</span></span></th></tr>
    </thead>
    <tbody>
    {{#rows}}
    <tr{{#isSilent}} class="silent"{{/isSilent}}><td class="n faint">{{number}}</td><th scope="row"><a href="#{{anchor}}">{{name}}</a></th><td class="polarity">{{polarity}}</td><td class="n">{{votes}}</td><td>{{{bar}}}</td><td class="n">{{coverage}}</td><td class="n">{{overlaps}}</td><td class="n">{{conflicts}}</td>{{#gold}}<td class="n">{{right}}</td><td class="n{{#isWrong}} bad{{/isWrong}}">{{accuracy}} <small>{{interval}}</small></td>{{/gold}}<td class="n implied">{{implied}} <small>{{impliedInterval}}</small></td><td>{{{dots}}}</td></tr>
    {{/rows}}
    </tbody>
    <tfoot>
    <tr><td></td><th scope="row">all functions</th><td></td><td class="n">{{totalVotes}}</td><td></td><td class="n">{{totalCoverage}}</td><td class="n">{{totalOverlaps}}</td><td class="n">{{totalConflicts}}</td>{{#hasGold}}<td></td><td></td>{{/hasGold}}<td></td><td></td></tr>
    </tfoot>
    </table>
    </div>
    {{/functionTable}}
    </section>

    """#

  private static let cards = #"""
    <section aria-labelledby="cards-heading" class="cards">
    <h3 id="cards-heading">One by one</h3>
    <p>{{cardsExplanation}}</p>
    {{#cards}}
    <details><summary><code>{{name}}</code> <span class="faint">{{kind}}{{#gist}}, {{gist}}{{/gist}}</span></summary>
    <div id="{{anchor}}" class="card">
    {{#summary}}
    <p>{{summary}}</p>
    {{/summary}}
    <p>{{votesInWords}}</p>
    {{^empty(rivals)}}
    <p>Disagrees most with {{#rivals}}<a href="#{{rivalAnchor}}"><code>{{rivalName}}</code></a> {{rivalFigures}}{{^last()}}, {{/last()}}{{/rivals}}.</p>
    {{/empty(rivals)}}
    {{#groups}}
    <h4>{{heading}}</h4>
    <ul class="examples">
    {{#examples}}
    {{> example}}
    {{/examples}}
    </ul>
    {{/groups}}
    </div>
    </details>
    {{/cards}}
    </section>

    """#

  private static let excerpt = #"""
    <p class="document" dir="auto">{{#excerpt}}{{#isMatch}}<mark>{{piece}}</mark>{{/isMatch}}{{^isMatch}}{{piece}}{{/isMatch}}{{/excerpt}}</p>
    """#

  private static let example = #"""
    <li>{{^empty(excerpt)}}{{> excerpt}}{{/empty(excerpt)}}<p class="tags">document <code>{{id}}</code> · votes {{vote}}{{#goldLabel}} · gold {{goldLabel}}{{/goldLabel}} · label model {{modelLabel}} {{probability}}{{#otherVotes}} · also {{otherVotes}}{{/otherVotes}}</p></li>

    """#
}
