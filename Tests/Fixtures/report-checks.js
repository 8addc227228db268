// Checks a report inside the browser that shows it and leaves what it found, as JSON in base64, in
// an element of the page. Covers what an automated accessibility check can see: language, title,
// landmarks, order of headings, names of links, pictures, tables and regions, references, keyboard
// stops, and the contrast of every text against what it stands on.
(() => {
  const problems = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const short = (element) => element.outerHTML.slice(0, 120);
  const say = (what, element) => problems.push(element ? `${what}: ${short(element)}` : what);
  const scripts = document.scripts.length;
  const images = document.images.length;

  for (const details of all("details")) details.open = true;

  if (!document.documentElement.lang) say("the page has no language");
  if (!document.title.trim()) say("the page has no title");
  if (all("h1").length !== 1) say("the page has not exactly one h1");
  for (const landmark of ["header", "nav", "main", "footer"]) {
    if (all(landmark).length !== 1) say(`not exactly one ${landmark}`);
  }
  if (!document.querySelector("a.skip[href^='#']")) say("no link that skips to the content");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) say("a heading skips a level", heading);
    if (!heading.textContent.trim()) say("an empty heading", heading);
    level = next;
  }

  const ids = all("[id]").map((element) => element.id);
  if (new Set(ids).size !== ids.length) say("an id occurs twice");
  for (const element of all("[aria-labelledby]")) {
    const target = document.getElementById(element.getAttribute("aria-labelledby"));
    if (!target || !target.textContent.trim()) say("a label is missing", element);
  }
  for (const link of all("a[href]")) {
    const name = link.textContent.trim() || link.querySelector("title")?.textContent.trim();
    if (!name) say("a link without a name", link);
    if (!document.getElementById(link.getAttribute("href").slice(1))) say("a dead link", link);
  }
  for (const summary of all("summary")) {
    if (!summary.textContent.trim()) say("a summary without words", summary);
  }
  for (const picture of all("svg")) {
    if (!["img", "group"].includes(picture.getAttribute("role"))) say("a picture without a role", picture);
    if (!picture.getAttribute("aria-label")) say("a picture without a name", picture);
  }
  for (const table of all("table")) {
    if (!table.caption?.textContent.trim()) say("a table without a caption", table);
    if (all("th:not([scope])", table).length) say("a heading cell without a scope", table);
    if (!table.querySelector("tbody th[scope=row]")) say("a table without row headings", table);
  }
  for (const list of all("ul, ol")) {
    if ([...list.children].some((child) => child.tagName !== "LI")) say("a list with other children", list);
  }
  for (const element of all("[tabindex]")) {
    const stop = element.getAttribute("tabindex");
    if (!["0", "-1"].includes(stop)) say("a keyboard stop out of order", element);
    const isNamed = element.hasAttribute("aria-label") || element.hasAttribute("aria-labelledby");
    if (stop === "0" && !isNamed) say("a keyboard stop without a name", element);
  }
  for (const element of all("*")) {
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith("on")) say("an event handler", element);
    }
  }
  if (performance.getEntriesByType("resource").length) say("the page loads something");
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) say(`the page is ${root.scrollWidth} wide`);

  // Contrast by WCAG 2: 4.5, or 3 for large text.
  const color = (text) => {
    const numbers = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
  };
  const over = (front, back) =>
    front.rgb.map((value, index) => value * front.alpha + back[index] * (1 - front.alpha));
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = color(getComputedStyle(at).backgroundColor);
      if (layer.alpha > 0) layers.push(layer);
      if (layer.alpha === 1) break;
    }
    return layers.reverse().reduce((back, layer) => over(layer, back), [255, 255, 255]);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let texts = 0;
  const seen = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || ["SCRIPT", "STYLE", "title"].includes(element.tagName)) continue;
    if (element.closest(".hidden, .skip")) continue;
    texts++;
    const style = getComputedStyle(element);
    const front = color(element.closest("svg") ? style.fill : style.color);
    const back = ground(element.closest("svg") ?? element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const key = [front.rgb, front.alpha, back, isLarge].join();
    if (seen.has(key)) continue;
    const [one, other] = [luminance(over(front, back)), luminance(back)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    seen.set(key, ratio);
    if (ratio < (isLarge ? 3 : 4.5)) say(`contrast ${ratio.toFixed(2)}`, element);
  }

  const result = {
    problems,
    sections: all("section[id]").map((section) => section.id),
    isDark: matchMedia("(prefers-color-scheme: dark)").matches,
    texts,
    text: document.querySelector("main").textContent,
    scripts,
    images,
    alerts: window.alerts,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(result));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const holder = document.createElement("pre");
  holder.id = "checked";
  holder.textContent = btoa(binary);
  document.body.append(holder);
})();
