/* The text field stays what it is: colors lie behind it, names are proposed below the caret. */
"use strict";
(() => {
  const form = document.getElementById("editor"), box = document.getElementById("query");
  if (!form || !box) return;
  const said = document.getElementById("said"), run = document.getElementById("run");
  const usual = JSON.parse(form.dataset.prefixes), KEY = "lithiokg.queries", MOST = 30;
  const WORDS = ("SELECT DISTINCT WHERE PREFIX BASE ASK CONSTRUCT DESCRIBE FROM NAMED OPTIONAL UNION MINUS FILTER BIND VALUES " +
    "GRAPH SERVICE SILENT ORDER BY GROUP HAVING LIMIT OFFSET ASC DESC AS IN NOT EXISTS UNDEF COUNT SUM AVG MIN MAX SAMPLE " +
    "GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI ABS CEIL FLOOR ROUND CONCAT STRLEN SUBSTR UCASE LCASE CONTAINS " +
    "STRSTARTS STRENDS STRBEFORE STRAFTER REPLACE REGEX COALESCE IF SAMETERM ISIRI ISLITERAL ISNUMERIC ISBLANK REDUCED").split(" ");
  const TOKEN = /(#.*)|(<[^<>"{}|^`\\\s]*>)|('''[^]*?'''|"""[^]*?"""|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|([?$][\wÀ-￿]+)|((?:[A-Za-zÀ-￿][\w.\-À-￿]*)?:(?:[\w:\-À-￿%]|\\.|\.(?=[\w-]))*)|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z]\w*)|\s+|[^]/g;
  // The classes of comments, IRIs, strings, variables, prefixed names, numbers, words.
  const KINDS = "-cisvpnk";

  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  const tokens = (text) => [...text.matchAll(TOKEN)].map((match) => {
    const group = match.findIndex((part, i) => i && part !== undefined), word = match[0];
    const plain = group === 7 && word !== "a" && !/^(true|false)$/i.test(word) && !WORDS.includes(word.toUpperCase());
    return { text: word, kind: group < 0 || plain ? "" : KINDS[group], start: match.index, end: match.index + word.length };
  });

  // --- colors
  const code = box.parentNode, paint = make("pre", "paint"), lines = make("pre", "lines");
  let wrong = -1;
  for (const each of [lines, paint]) { each.ariaHidden = "true"; box.before(each); }
  code.classList.add("on");
  const follow = () => { paint.scrollTop = lines.scrollTop = box.scrollTop; paint.scrollLeft = box.scrollLeft; };
  const draw = () => {
    const parts = [];
    let marked = wrong < 0;
    for (const { text, kind, end } of tokens(box.value)) {
      const here = !marked && end > wrong;
      parts.push(kind || here ? make("span", kind + (here ? " wrong" : ""), text) : text);
      marked = marked || here;
    }
    if (!marked) parts.push(make("span", "wrong", "  "));
    paint.replaceChildren(...parts, "\n ");
    lines.textContent = box.value.split("\n").map((_, i) => i + 1).join("\n") + "\n ";
    follow();
  };

  // --- errors, by the parser of the server
  let asked = 0, soon;
  const offset = (line, column) => {
    const rows = box.value.split("\n");
    const at = rows.slice(0, line - 1).join("\n").length + (line > 1) + [...(rows[line - 1] || "")].slice(0, column - 1).join("").length;
    return at + box.value.slice(at).search(/\S|$/);
  };
  const tell = ({ message, line, column }) => {
    wrong = line ? offset(line, column || 1) : -1;
    const words = message ? (line ? `Line ${line}, column ${column}: ` : "") + message : "";
    if (said.textContent !== words) said.textContent = words;
    if (words) box.setAttribute("aria-invalid", "true"); else box.removeAttribute("aria-invalid");
    draw();
  };
  const lint = async () => {
    const mine = ++asked;
    let found = {};
    try {
      if (box.value.trim()) found = await (await fetch("/query/check", { method: "POST", body: box.value })).json();
    } catch (_) { found = { message: "the server does not answer" }; }
    if (mine === asked) tell(found);
  };

  // --- names
  const list = make("ul", "names");
  let shown = [], active = -1, from = 0, wanted = 0;
  list.id = "names"; list.hidden = true; list.role = "listbox"; list.ariaLabel = "Names";
  code.append(list);
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", "names");
  const known = () => {
    const found = { ...usual };
    for (const [, name, iri] of box.value.matchAll(/\bPREFIX\s+([\w.-]*):\s*<([^>\s]*)>/gi)) found[name] = iri;
    return found;
  };
  const brief = (iri) => {
    const [name, space] = Object.entries(known()).filter(([, each]) => iri.startsWith(each)).sort((a, b) => b[1].length - a[1].length)[0] || ["", ""];
    const rest = iri.slice(space.length);
    return space && /^[\w\-./]*[\w-]$/.test(rest) ? `${name}:${rest.replace(/\//g, "\\/")}` : `<${iri}>`;
  };
  const mark = (index) => {
    const node = list.children[active = index];
    [...list.children].forEach((each) => { each.ariaSelected = String(each === node); });
    if (!node) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  };
  const close = () => { wanted++; shown = []; list.hidden = true; mark(-1); };
  const put = (start, end, text) => {
    box.focus();
    box.setSelectionRange(start, end);
    // An old command, but what it does can be undone.
    if (!document.execCommand("insertText", false, text)) box.setRangeText(text, start, end, "end");
  };
  const take = (index) => { put(from, box.selectionStart, shown[index].text); close(); };
  const show = (items, start, first) => {
    if (!items.length) return close();
    shown = items; from = start;
    list.replaceChildren(...items.map(({ label, text, kind, found }, i) => {
      const node = make("li");
      node.id = `name-${i}`; node.role = "option";
      node.append(make("b", "", label), make("code", "", text === label ? "" : text), make("small", "", (found ? `“${found}”, ` : "") + kind));
      node.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
      return node;
    }));
    list.hidden = false;
    const walk = document.createTreeWalker(paint, 4), range = document.createRange();
    let node, left = start;
    while ((node = walk.nextNode()) && left >= node.length) left -= node.length;
    range.setStart(node, left); range.setEnd(node, left + 1);
    const at = range.getBoundingClientRect(), frame = code.getBoundingClientRect();
    list.style.top = `${at.bottom - frame.top + 4}px`;
    list.style.left = `${Math.max(0, Math.min(at.left - frame.left, frame.width - list.offsetWidth))}px`;
    mark(first ? 0 : -1);
  };
  const propose = async (first) => {
    const at = box.selectionStart, mine = ++wanted, item = (kind) => (text) => ({ label: text, text, kind });
    let before = "", token = { text: "", kind: "", start: at };
    for (const each of tokens(box.value.slice(0, at))) {
      if (token.text.trim()) before = token.text;
      token = each;
    }
    if (!token.text.trim()) token = { text: "", kind: "", start: at };
    const { text, kind, start } = token, all = known(), own = [];
    if (at !== box.selectionEnd || "cisn".includes(kind || "-")) return close();
    if (kind === "v" || text === "?" || text === "$") {
      const names = tokens(box.value).filter((each) => each.kind === "v" && each.start !== start && each.text !== text && each.text.startsWith(text));
      return show([...new Set(names.map((each) => each.text))].map(item("variable")), start, first);
    }
    const colon = text.indexOf(":"), space = colon < 0 ? "" : all[text.slice(0, colon)], local = text.slice(colon + 1);
    if (/^prefix$/i.test(before)) {
      const names = Object.keys(usual).filter((name) => `${name}:`.startsWith(text));
      return show(names.map((name) => ({ label: `${name}:`, text: `${name}: <${usual[name]}>`, kind: "prefix" })), start, first);
    }
    if (space === undefined || !local || !/\w/.test(local) || local.length < 2 && colon < 0 && !first) return close();
    if (colon < 0) {
      own.push(...Object.keys(all).filter((name) => name.startsWith(text)).map((name) => item("prefix")(`${name}:`)));
      own.push(...WORDS.filter((word) => word.startsWith(text.toUpperCase()) && word !== text).slice(0, 4).map(item("keyword")));
    }
    await new Promise((done) => { setTimeout(done, first ? 0 : 120); });
    if (mine !== wanted) return;
    let found = [];
    try {
      const sent = { q: local.replace(/\\/g, ""), in: space, kind: before === "a" ? "class" : "" };
      found = await (await fetch(`/complete?${new URLSearchParams(sent)}`)).json();
    } catch (_) { /* keywords need no server */ }
    if (mine !== wanted || document.activeElement !== box) return;
    const names = found.map((each) => ({ ...each, text: brief(each.iri) })).filter((each) => each.text !== text);
    show([...own, ...names], start, first);
  };

  // --- what was asked before
  const past = make("details", "history");
  const kept = () => {
    try { return JSON.parse(localStorage.getItem(KEY)).filter((each) => typeof each === "string"); } catch (_) { return []; }
  };
  const keep = (found) => { try { localStorage.setItem(KEY, JSON.stringify(found.slice(0, MOST))); } catch (_) { /* not kept */ } };
  const remember = () => { const text = box.value.trim(); keep([text, ...kept().filter((each) => each !== text)]); };
  const button = (words, act, className) => {
    const made = make("button", className, words);
    made.type = "button";
    made.addEventListener("click", () => act(made));
    return made;
  };
  const recall = () => {
    const found = kept(), all = make("ol");
    past.hidden = !found.length;
    for (const text of found) {
      const entry = make("li"), words = text.replace(/^\s*PREFIX.*$/gim, "").replace(/\s+/g, " ").trim().slice(0, 160);
      entry.append(button(words, () => put(0, box.value.length, text)));
      all.append(entry);
    }
    const clear = button("Forget them", () => { keep([]); recall(); box.focus(); });
    past.replaceChildren(make("summary", "", `Asked before, in this browser (${found.length})`), all, clear);
  };

  // --- together
  box.addEventListener("input", () => {
    wrong = -1;
    draw();
    propose(false);
    clearTimeout(soon);
    soon = setTimeout(lint, 450);
  });
  box.addEventListener("scroll", () => { follow(); close(); });
  box.addEventListener("blur", close);
  box.addEventListener("click", close);
  box.addEventListener("keydown", (event) => {
    const { key } = event, some = shown.length;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      try { sessionStorage.setItem(KEY, box.selectionStart); } catch (_) { /* not kept */ }
      form.requestSubmit(run);
    } else if (key === " " && event.ctrlKey) propose(true);
    else if (some && /^Arrow(Up|Down)$/.test(key)) mark((Math.max(active, key === "ArrowUp" ? 0 : -1) + (key === "ArrowDown" ? 1 : some - 1)) % some);
    else if (key === "Enter" && active >= 0) take(active);
    else if (some && key === "Escape") close();
    else {
      if (some && /^(Arrow|Home|End|Page)/.test(key)) close();
      return;
    }
    event.preventDefault();
  });
  form.addEventListener("submit", () => { remember(); run.textContent = "Running…"; });
  window.addEventListener("pageshow", () => { run.textContent = "Run"; });
  form.querySelector(".keys").hidden = false;
  form.after(past);
  if ("ran" in form.dataset) remember();
  recall();
  if (document.getElementById("share") && navigator.clipboard) {
    document.getElementById("share").after(button("Copy the link", (made) => {
      const sent = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      navigator.clipboard.writeText(`${location.origin}/query?${sent}`).then(() => { made.textContent = "Copied"; });
    }, "copy"));
  }
  if (form.dataset.line) wrong = offset(+form.dataset.line, +form.dataset.column || 1);
  draw();
  try {
    const caret = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (caret !== null) { box.focus({ preventScroll: true }); box.setSelectionRange(+caret, +caret); }
  } catch (_) { /* from the start */ }
})();
