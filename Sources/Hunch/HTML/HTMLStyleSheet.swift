/// The page's style sheet: the system's own fonts, light and dark, narrow and wide, print.
enum HTMLStyleSheet {
  static let text = colours + layout + tables + parts + pictures + print

  private static let colours = """
    :root { --ground: #fff; --panel: #f4f6f8; --ink: #1a1e23; --faint: #59626d; --line: #d5dae0;
      --link: #1d5796; --blue: 38 101 173; --orange: 193 92 20; --red: #ad1f18; --bar: #e6eaee; }
    @media (prefers-color-scheme: dark) {
      :root { --ground: #13161a; --panel: #1b2026; --ink: #e3e6ea; --faint: #9ba5b1;
        --line: #353d47; --link: #8cbcf5; --blue: 96 160 240; --orange: 240 146 72;
        --red: #ff8f85; --bar: #272e36; }
    }

    """

  private static let layout = """
    * { box-sizing: border-box; }
    html { color-scheme: light dark; scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--ground); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    header, nav, main, footer { max-width: 82rem; margin: 0 auto; padding: 0 1.5rem; }
    header { padding-top: 2rem; }
    section { margin: 2.75rem 0 0; }
    h1, h2, h3, h4 { line-height: 1.25; margin: 0 0 .6rem; text-wrap: balance;
      overflow-wrap: anywhere; }
    h1 { font-size: 2rem; letter-spacing: -.015em; }
    h2 { font-size: 1.35rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); }
    h3 { font-size: 1.08rem; margin-top: 1.75rem; }
    h4 { font-size: .92rem; margin: 1rem 0 .35rem; }
    p { margin: 0 0 .75rem; max-width: 76ch; }
    code { font: .92em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      overflow-wrap: anywhere; }
    em { font-style: normal; font-weight: 600; }
    a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
    .kind { color: var(--faint); margin-bottom: .15rem; font-size: .9rem; }
    .lead { font-size: 1.08rem; color: var(--faint); }
    .faint, small { color: var(--faint); }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap; }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--ground); z-index: 3; }
    nav { position: sticky; top: 0; z-index: 2; background: var(--ground); margin-top: 1.5rem; }
    nav ul { display: flex; gap: .25rem 1.25rem; overflow-x: auto; list-style: none; margin: 0;
      padding: .65rem 0; border-bottom: 1px solid var(--line); font-size: .92rem; }
    nav li { white-space: nowrap; }
    [id] { scroll-margin-top: 4rem; }
    footer { margin-top: 3rem; padding-bottom: 3rem; color: var(--faint); font-size: .9rem; }
    @media (max-width: 40rem) {
      body { font-size: 15px; }
      header, nav, main, footer { padding-left: 1rem; padding-right: 1rem; }
      h1 { font-size: 1.55rem; }
    }

    """

  private static let tables = """
    .scroll { overflow-x: auto; margin: 0 0 1rem; max-width: 100%; }
    table { border-collapse: collapse; font-size: .88rem; line-height: 1.35;
      font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--faint); padding: .25rem 0 .5rem;
      max-width: calc(100vw - 2.5rem); }
    th, td { padding: .3rem .6rem; text-align: left; vertical-align: middle;
      border-bottom: 1px solid var(--line); }
    th:first-child, td:first-child { padding-left: 0; }
    thead th { vertical-align: bottom; font-weight: 500; color: var(--faint); }
    tbody th, tfoot th { font-weight: 500; }
    tfoot th, tfoot td { border-bottom: 0; font-weight: 600; }
    .n { text-align: right; }
    td.n { white-space: nowrap; }
    td small { font-size: .86em; }
    th[scope="row"] { min-width: 5rem; max-width: 20rem; overflow-wrap: break-word; }
    th[scope="row"] a { text-decoration: none; }
    tbody th a, tbody td a { display: inline-block; max-width: 17rem; overflow-wrap: break-word; }
    th[scope="row"] a:hover, th[scope="row"] a:focus { text-decoration: underline; }
    .functions { width: 100%; }
    .functions th[scope="row"] { position: sticky; left: 0; background: var(--ground); z-index: 1; }
    .functions .polarity { min-width: 7rem; max-width: 10rem; overflow-wrap: break-word; }
    .silent td, .silent th[scope="row"] { color: var(--faint); }
    .bad { color: var(--red); font-weight: 600; }
    .axis { display: flex; justify-content: space-between; width: 132px; }
    .grouped .first { padding-left: 1.75rem; }
    .grouped th[colspan] { padding-left: 1.75rem; }
    .ids { min-width: 14rem; max-width: 26rem; }
    .confusion td { min-width: 2.9rem; border: 1px solid var(--ground); }
    .confusion th { border-bottom: 0; max-width: 8rem; overflow-wrap: break-word; }
    .confusion thead th { vertical-align: bottom; }
    .confusion .corner { white-space: nowrap; max-width: none; }
    .confusion .right { background: rgb(var(--blue) / calc(.55 * var(--s))); }
    .confusion .wrong { background: rgb(var(--orange) / calc(.5 * var(--s))); }
    .confusion .none { color: var(--faint); background: var(--panel); }

    """

  private static let parts = """
    dl { margin: 0; }
    dd { margin: 0; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr));
      gap: .75rem; margin: 1.25rem 0; }
    .tiles > div { background: var(--panel); border-radius: 6px; padding: .7rem .9rem; }
    .tiles dt { color: var(--faint); font-size: .88rem; }
    .tiles dd { font-size: 1.45rem; font-weight: 600; font-variant-numeric: tabular-nums;
      line-height: 1.3; overflow-wrap: anywhere; }
    .tiles small { font-size: .8rem; font-weight: 400; display: block; }
    .facts { display: grid; gap: .2rem 1.5rem; font-size: .94rem; }
    .facts > div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; }
    .facts dt { color: var(--faint); }
    .facts dd { overflow-wrap: anywhere; }
    .findings { list-style: none; padding: 0; margin: 0; }
    .findings li { display: grid; grid-template-columns: 5rem 1fr; gap: 0 .75rem;
      padding: .5rem 0 .5rem .75rem; border-left: 4px solid var(--line); margin-bottom: .35rem; }
    .findings p { margin: 0; max-width: 92ch; }
    .findings .weight { font-size: .88rem; padding-top: .08rem; font-weight: 600; }
    .findings .trouble { border-color: var(--red); }
    .findings .trouble .weight { color: var(--red); }
    .findings .look { border-color: rgb(var(--orange)); }
    .findings .note .weight { color: var(--faint); }
    .command { color: var(--faint); }
    .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0;
      margin: 0 0 .5rem; font-size: .88rem; color: var(--faint); }
    details { border-top: 1px solid var(--line); }
    .cards details:last-of-type { border-bottom: 1px solid var(--line); }
    summary { cursor: pointer; padding: .45rem 0; overflow-wrap: anywhere; }
    summary code { font-weight: 600; }
    .card { padding: .25rem 0 1rem 1.1rem; }
    .card p { margin-bottom: .4rem; }
    .examples { list-style: none; padding: 0; margin: 0; }
    .examples li { background: var(--panel); border-radius: 6px; padding: .6rem .9rem;
      margin-bottom: .4rem; max-width: 62rem; }
    .examples .document { margin: 0 0 .25rem; max-width: none; overflow-wrap: anywhere; }
    .examples .tags { margin: 0; max-width: none; font-size: .86rem; color: var(--faint);
      overflow-wrap: anywhere; }
    .plain { list-style: none; padding: 0; margin: 0; }
    .buckets td { min-width: 6rem; vertical-align: top; }
    .buckets th[scope="row"] { vertical-align: top; }
    mark { background: rgb(var(--blue) / .18); color: inherit; font-weight: 600;
      border-radius: 2px; padding: 0 .1em; }
    .policy { font-size: .9rem; color: var(--faint); }
    .side-by-side { display: grid; gap: 1rem 2.5rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), max-content)); }
    .side-by-side.wide {
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), max-content)); }
    .side-by-side > * { min-width: 0; }
    figure { margin: 0; }
    figcaption { font-size: .88rem; color: var(--faint); margin-bottom: .35rem; }
    @media (max-width: 40rem) {
      .tiles { grid-template-columns: repeat(2, 1fr); gap: .5rem; }
      .tiles dd { font-size: 1.2rem; }
      .facts > div { grid-template-columns: 1fr; margin-bottom: .3rem; }
      .findings li { grid-template-columns: 1fr; }
      .functions th[scope="row"] a { max-width: 9.5rem; }
      .card { padding-left: 0; }
    }

    """

  private static let pictures = """
    svg { display: block; }
    svg text { fill: var(--faint); font-size: 11px; }
    .rail { fill: var(--bar); }
    .covers { fill: rgb(var(--blue) / .38); background: rgb(var(--blue) / .38); }
    .overlaps { fill: rgb(var(--blue) / .8); background: rgb(var(--blue) / .8); }
    .conflicts { fill: rgb(var(--orange)); background: rgb(var(--orange)); }
    .axis, .grid { stroke: var(--line); stroke-width: 1; }
    .ideal { stroke: var(--faint); stroke-dasharray: 4 4; }
    .diagonal { stroke: var(--faint); stroke-width: .75; }
    .blind { stroke: var(--ink); stroke-width: 1.5; }
    line.gold { stroke: var(--ink); stroke-width: 1.5; }
    circle.gold { fill: var(--ink); }
    circle.gold.bad { fill: var(--red); }
    line.implied { stroke: rgb(var(--blue)); stroke-width: 1; stroke-dasharray: 2 2; }
    circle.implied { fill: var(--ground); stroke: rgb(var(--blue)); stroke-width: 1.5; }
    .both { fill: rgb(var(--blue)); }
    .differ { fill: rgb(var(--orange)); }
    a:hover .differ { stroke: var(--ink); stroke-width: 1.5; }
    .heat .row { text-anchor: end; fill: var(--ink); }
    .heat .number { fill: var(--faint); }
    .heat .column { text-anchor: middle; font-size: 10px; }
    .reliability .left, .thresholds .left { text-anchor: end; }
    .reliability .middle, .thresholds .middle { text-anchor: middle; }
    .reliability circle, .thresholds circle { fill: rgb(var(--blue)); }
    .curve { stroke: rgb(var(--blue)); stroke-width: 1.5; }
    .reliability line.gold { stroke: rgb(var(--blue)); }
    .swatch, .scale { display: inline-block; width: .85rem; height: .85rem; border-radius: 2px;
      vertical-align: -.1rem; }
    .scale { width: 3.5rem; }
    .scale.both { background: linear-gradient(90deg, rgb(var(--blue) / .1), rgb(var(--blue))); }
    .scale.differ { background: linear-gradient(90deg, rgb(var(--orange) / .1), rgb(var(--orange))); }
    .dot { display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; }
    .dot.gold { background: var(--ink); }
    .dot.implied { border: 1.5px solid rgb(var(--blue)); }
    .tick { display: inline-block; width: 0; height: .75rem; border-left: 2px solid var(--ink);
      vertical-align: -.1rem; }

    """

  private static let print = """
    @media print {
      :root { --ground: #fff; --panel: #fff; --ink: #000; --faint: #444; --line: #bbb;
        --link: #000; --blue: 38 101 173; --orange: 193 92 20; --red: #900; --bar: #eee; }
      * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
      @page { size: landscape; margin: 12mm; }
      body { font-size: 10pt; }
      header, main, footer { max-width: none; padding: 0; }
      nav, .skip { display: none; }
      .scroll { overflow: visible; }
      .functions th[scope="row"] { position: static; }
      details::details-content { content-visibility: visible; block-size: auto; }
      tfoot { display: table-row-group; }
      h2, h3, summary { break-after: avoid; }
      tr, .findings li, .examples li, figure { break-inside: avoid; }
      a { text-decoration: none; }
    }
    """
}
