/// The templates of the sections after the functions.
enum HTMLSectionTemplates {
  static let pairs = #"""
    <section id="pairs" aria-labelledby="pairs-heading">
    <h2 id="pairs-heading">Overlap and disagreement</h2>
    {{#pairSection}}
    {{#heatMap}}
    <p>{{pairsExplanation}}</p>
    <ul class="legend">
    <li><i class="scale both"></i> below the diagonal: both vote</li>
    <li><i class="scale differ"></i> above: they vote for different classes</li>
    </ul>
    <div class="scroll" role="region" tabindex="0" aria-label="Heat map of pairs of functions">
    {{{heatMap}}}
    </div>
    {{/heatMap}}
    {{^heatMap}}
    <p>Fewer than two functions vote, so there are no pairs to compare.</p>
    {{/heatMap}}
    {{> meetings}}
    {{#pairTable}}
    <details><summary>{{pairsTitle}}</summary>
    {{> table}}
    </details>
    {{/pairTable}}
    {{^pairTable}}
    <p>No two functions disagree.</p>
    {{/pairTable}}
    {{/pairSection}}
    </section>

    """#

  static let classes = #"""
    <section id="classes" aria-labelledby="classes-heading">
    <h2 id="classes-heading">Classes and coverage</h2>
    {{#classSection}}
    {{#classTables}}
    {{> table}}
    {{/classTables}}
    {{> uncovered}}
    {{/classSection}}
    </section>

    """#

  static let labelModel = #"""
    <section id="label-model" aria-labelledby="label-model-heading">
    <h2 id="label-model-heading">Label model</h2>
    {{#labelModel}}
    <p>The label model turns votes into the probability of each class. How far it trusts a function follows from how the functions agree{{#usesGold}}, and from gold labels that it was given{{/usesGold}}, so its <em>implied accuracies</em> are estimates, not measurements.</p>
    <dl class="facts">
    {{#modelFacts}}
    <div><dt>{{term}}</dt><dd>{{value}}</dd></div>
    {{/modelFacts}}
    </dl>
    {{^empty(warnings)}}
    <h3>Warnings</h3>
    <ul class="warnings">
    {{#warnings}}
    <li>{{.}}</li>
    {{/warnings}}
    </ul>
    {{/empty(warnings)}}
    {{^empty(dependencies)}}
    <h3>Dependencies found</h3>
    <ul>
    {{#dependencies}}
    <li>{{.}}</li>
    {{/dependencies}}
    </ul>
    {{/empty(dependencies)}}
    {{/labelModel}}
    </section>

    """#

  static let evaluation = #"""
    <section id="evaluation" aria-labelledby="evaluation-heading">
    <h2 id="evaluation-heading">Evaluation</h2>
    {{#classifierNote}}
    <p>{{classifierNote}}</p>
    {{/classifierNote}}
    {{#evaluation}}
    {{#modelTable}}
    {{> table}}
    {{/modelTable}}
    <p class="policy">Policy: {{policy}}. Log-loss, Brier and ECE are better when smaller.</p>
    <div class="scroll" role="region" tabindex="0" aria-labelledby="per-class-caption">
    <table class="grouped">
    <caption id="per-class-caption">{{perClassCaption}}</caption>
    <thead>
    <tr><th scope="col" rowspan="2">class</th><th scope="col" rowspan="2" class="n">gold</th><th scope="colgroup" colspan="3">label model, all</th><th scope="colgroup" colspan="3">classifier</th></tr>
    <tr><th scope="col" class="n first">precision</th><th scope="col" class="n">recall</th><th scope="col" class="n">F1</th><th scope="col" class="n first">precision</th><th scope="col" class="n">recall</th><th scope="col" class="n">F1</th></tr>
    </thead>
    <tbody>
    {{#perClass}}
    <tr><th scope="row">{{name}}</th><td class="n">{{support}}</td><td class="n first">{{modelPrecision}}</td><td class="n">{{modelRecall}}</td><td class="n">{{modelF1}}</td><td class="n first">{{precision}}</td><td class="n">{{recall}}</td><td class="n">{{f1}}</td></tr>
    {{/perClass}}
    </tbody>
    </table>
    </div>
    <h3>Confusion</h3>
    <p>Rows are gold labels, columns are predictions. Shading is the share of the row: right predictions in blue, wrong ones in orange.</p>
    <div class="side-by-side wide">
    {{#confusions}}
    {{> confusion}}
    {{/confusions}}
    </div>
    <h3>Reliability</h3>
    <p>Where probabilities can be trusted, dots lie on the diagonal: of documents with a top probability near 0.8, eight in ten are labelled right. Lines are 95 % intervals.</p>
    <div class="side-by-side">
    {{#reliabilities}}
    {{> diagram}}
    {{/reliabilities}}
    </div>
    {{> thresholds}}
    {{> slices}}
    {{/evaluation}}
    {{^evaluation}}
    <p>{{noEvaluation}}</p>
    {{/evaluation}}
    {{> strongest}}
    </section>

    """#

  static let confusion = #"""
    <div class="scroll" role="region" tabindex="0" aria-label="{{name}}, confusion matrix">
    <table class="confusion">
    <caption>{{name}}</caption>
    <thead>
    <tr><th scope="col" class="corner">gold ↓ predicted →</th>{{#labels}}<th scope="col" class="n">{{.}}</th>{{/labels}}</tr>
    </thead>
    <tbody>
    {{#goldRows}}
    <tr><th scope="row">{{label}}</th>{{#cells}}<td class="n {{tone}}" style="--s:{{shade}}">{{count}}</td>{{/cells}}</tr>
    {{/goldRows}}
    </tbody>
    </table>
    </div>

    """#
}
