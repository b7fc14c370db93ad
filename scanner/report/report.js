// The findings table: filter, sort, page, all on the rows in #data. It writes text only, never markup.
"use strict";
(() => {
  const PAGE = 100;
  const PRINTED = 10;                                   // findings whose details are open on paper
  const SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);
  const table = byId("table");
  if (!table) return;
  const rows = JSON.parse(byId("data").textContent);
  const EMPTY = { q: "", severity: "", target: "", tag: "", sort: "rank", page: "1", open: "" };
  let state = { ...EMPTY };

  // --- drawing: the same shapes as the template's ---

  function el(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function svg(name, attributes, ...children) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function level(name, word) {
    const bars = svg("svg", { class: "bars", "aria-hidden": "true", focusable: "false" }, svg("use", { href: "#level-" + name }));
    return el("span", { class: "level " + name }, bars, word);
  }

  function cell(value) {
    if (typeof value === "string") return value;
    return "m" in value ? el("code", {}, value.m) : el("em", { class: "blank" }, value.b);
  }

  const items = (kind, cells) => el(kind, {}, ...cells.map((value) => el("li", {}, cell(value))));

  const shapes = {
    steps: (b) => [items("ol", b.items)],
    list: (b) => [items("ul", b.items)],
    facts: (b) => [el("dl", { class: "facts" }, ...b.rows.map(([label, value]) =>
      el("div", {}, el("dt", {}, label), el("dd", {}, cell(value)))))],
    table: (b) => [el("div", { class: "scroll" }, el("table", {},
      el("thead", {}, el("tr", {}, ...b.head.map((label) => el("th", { scope: "col" }, label)))),
      el("tbody", {}, ...b.rows.map((row) => el("tr", {}, ...row.map((value, i) =>
        el("td", { "data-label": b.head[i] }, cell(value))))))))],
    formula: (b) => [el("p", { class: "sum" },
      ...b.terms.flatMap(([name, value], i) => [sign(["", "×", "+"][i]), term("term", value, name)]),
      sign("="), term("term total", b.total, b.word))],
    span: (b) => [
      svg("svg", { class: "axis", viewBox: "0 0 1000 12", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
        svg("rect", { class: "all", x: 0, y: 4, width: 1000, height: 4 }),
        svg("rect", { class: "lies", x: b.x, y: 0, width: b.w, height: 12 })),
      el("p", { class: "ends" }, ...[b.from, b.says, b.to].map((text) => el("span", {}, text)))],
  };

  const sign = (text) => el("span", { class: "sign" }, text);
  const term = (kind, value, name) => el("span", { class: kind }, el("b", {}, value), el("small", {}, name));
  const chip = (kind, text) => el("span", { class: kind }, text);

  function draw(r) {
    const title = el("th", { scope: "row", class: "c-title" }, el("span", { class: "title" }, r.t), el("code", { class: "url" }, r.u));
    if (r.m) title.append(el("span", { class: "more" }, r.m));
    title.append(el("span", { class: "chips" }, chip("chip urgency", r.ur), chip("chip status", r.st), ...r.tw.map((w) => chip("chip", w))));
    const number = (label, text, kind = "c-number") => el("td", { class: kind, "data-label": label }, text);
    return el("tbody", { class: "finding " + r.s, id: "f-" + r.n },
      el("tr", { class: "row" },
        el("td", { class: "c-level", "data-label": "Severity" }, level(r.s, r.sw), el("span", { class: "score" }, r.sc)),
        title, number("Files", r.f[0]), number("Hours", r.h[0]), number("People", r.p[0]), number("Newest", r.l[0], "c-date")),
      el("tr", { class: "fold" }, el("td", { colspan: 6 }, el("details", {},
        el("summary", {}, "What to do, what lies there, why this score"), el("div", { class: "blocks" })))));
  }

  const heading = (r) => el("tbody", { class: "owner" }, el("tr", {}, el("th", { colspan: 6, scope: "rowgroup" }, "Controller: " + r.o)));

  function headed(shown, i) {                           // where findings are grouped, each group has its heading
    return table.dataset.by === "owner" && state.sort.startsWith("rank") && (!i || shown[i].o !== shown[i - 1].o);
  }

  function unfold(details) {
    const blocks = details.querySelector(".blocks");
    details.open = true;
    if (blocks.firstChild) return;
    const r = rows[rankOf(details) - 1];
    blocks.append(...r.b.map((b) => el("section", { class: "block " + b.k }, el("h3", {}, b.h), ...shapes[b.k](b))));
  }

  const rankOf = (inner) => Number(inner.closest("tbody.finding").id.slice(2));

  // --- which rows, in which order ---

  const KEYS = { files: "f", hours: "h", people: "p", newest: "l" };
  const texts = new Map();

  function collect(value, into) {
    if (typeof value === "string") into.push(value);
    else if (value && typeof value === "object") for (const inner of Object.values(value)) collect(inner, into);
    return into;
  }

  function textOf(r) {
    if (!texts.has(r.n)) texts.set(r.n, collect(r, []).join("\n").toLowerCase());
    return texts.get(r.n);
  }

  function index(from) {                                // a little at a time, so that the first search is quick too
    rows.slice(from, from + 200).forEach(textOf);
    if (from < rows.length) setTimeout(() => index(from + 200), 20);
  }

  function chosen() {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const levels = state.severity ? state.severity.split(",") : [];
    return rows.filter((r) =>
      (!levels.length || levels.includes(r.s)) &&
      (!state.target || r.at.includes(state.target)) &&
      (!state.tag || r.tags.includes(state.tag)) &&
      words.every((word) => textOf(r).includes(word)));
  }

  function sorted(found) {
    const [name, direction] = state.sort.split("-");
    const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;   // an address may name what every object has
    if (key) found.sort((a, b) => (a[key][1] < b[key][1] ? 1 : a[key][1] > b[key][1] ? -1 : a.n - b.n));
    return direction === "up" ? found.reverse() : found;
  }

  // --- what is shown ---

  let pages = 1;

  function render() {
    const found = sorted(chosen());
    pages = Math.max(1, Math.ceil(found.length / PAGE));
    const page = Math.min(Math.max(1, Number.parseInt(state.page, 10) || 1), pages);
    state.page = String(page);
    const first = (page - 1) * PAGE;
    const shown = found.slice(first, first + PAGE);
    for (const body of [...table.tBodies]) body.remove();
    table.append(...shown.flatMap((r, i) => headed(shown, i) ? [heading(r), draw(r)] : [draw(r)]));
    for (const rank of opened()) byId("f-" + rank)?.querySelectorAll("details").forEach(unfold);
    say(found.length, first, shown.length);
    byId("pages").hidden = pages === 1;
    byId("where").textContent = `Page ${page} of ${pages}`;
    byId("back").disabled = page === 1;
    byId("next").disabled = page === pages;
    marks();
  }

  const opened = () => state.open.split(",").filter((rank) => /^\d+$/.test(rank));

  function say(found, first, shown) {
    const all = rows.length.toLocaleString("en");
    const some = found.toLocaleString("en");
    const which = found > PAGE ? `, ${(first + 1).toLocaleString("en")} to ${(first + shown).toLocaleString("en")} shown` : "";
    byId("shown").textContent = !found ? `None of ${all} findings matches. Clear the filters to see them again.`
      : found === rows.length ? `${all} ${rows.length === 1 ? "finding" : "findings"}${which}`
        : `${some} of ${all} findings${which}`;
  }

  function marks() {
    const [name, direction] = state.sort.split("-");
    for (const head of table.tHead.querySelectorAll("[data-sort]")) {
      if (head.dataset.sort === name) head.setAttribute("aria-sort", direction === "up" ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    }
  }

  // --- state in the address, so that a view can be mailed ---

  function fromHash() {
    const hash = location.hash.slice(1);
    if (/^f-\d+$/.test(hash)) return reveal(hash);
    if (!hash.includes("=")) return;
    const given = new URLSearchParams(hash);
    state = Object.fromEntries(Object.entries(EMPTY).map(([key, value]) => [key, given.get(key) ?? value]));
    controls();
    render();
  }

  function toHash() {
    const said = new URLSearchParams(Object.entries(state).filter(([key, value]) => value !== EMPTY[key]));
    history.replaceState(null, "", "#" + (said.toString() || "findings"));
  }

  function reveal(id) {
    if (!byId(id)) {
      state = { ...EMPTY, page: String(Math.ceil(Number(id.slice(2)) / PAGE)) };
      controls();
      render();
    }
    const body = byId(id);
    if (!body) return;
    unfold(body.querySelector("details"));
    body.scrollIntoView();
    body.querySelector("summary").focus({ preventScroll: true });
  }

  // --- controls ---

  const form = byId("filter");
  const ticks = [...form.querySelectorAll("[name=severity]")];

  function controls() {
    for (const name of ["q", "target", "tag"]) byId(name).value = state[name];
    for (const tick of ticks) tick.checked = state.severity.split(",").includes(tick.value);
  }

  function change(more) {
    state = { ...state, page: "1", ...more };
    toHash();
    render();
  }

  function options(select, values) {
    for (const value of [...new Set(values)].sort()) select.append(el("option", { value }, value));
  }

  function sortable(head) {
    const button = el("button", { type: "button" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () =>
      change({ sort: state.sort === head.dataset.sort ? head.dataset.sort + "-up" : head.dataset.sort }));
  }

  function turn(step) {
    change({ page: String(Number(state.page) + step) });
    byId("findings").scrollIntoView();
  }

  let waiting = 0;
  byId("q").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => change({ q: event.target.value }), 120);
  });
  for (const name of ["target", "tag"]) byId(name).addEventListener("change", (event) => change({ [name]: event.target.value }));
  for (const tick of ticks) {
    tick.addEventListener("change", () => change({ severity: ticks.filter((t) => t.checked).map((t) => t.value).join(",") }));
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => change({ ...EMPTY })));
  byId("back").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  table.addEventListener("click", (event) => {
    const row = event.target.closest("tr.row");
    if (!row || String(getSelection())) return;
    const details = row.nextElementSibling.querySelector("details");
    if (details.open) details.open = false;
    else unfold(details);
  });
  table.addEventListener("toggle", (event) => {
    const ranks = new Set(opened());
    if (event.target.open) unfold(event.target);
    ranks[event.target.open ? "add" : "delete"](String(rankOf(event.target)));
    state.open = [...ranks].join(",");
    toHash();
  }, true);
  addEventListener("hashchange", fromHash);
  let printed = [];
  addEventListener("beforeprint", () => {
    printed = [...table.querySelectorAll("details")].slice(0, PRINTED).filter((details) => !details.open);
    printed.forEach(unfold);
  });
  addEventListener("afterprint", () => printed.forEach((details) => { details.open = false; }));

  options(byId("target"), rows.flatMap((r) => r.at));
  options(byId("tag"), rows.flatMap((r) => r.tags));
  table.tHead.querySelectorAll("[data-sort]").forEach(sortable);
  form.hidden = false;
  if (rows.length > PAGE) render();
  fromHash();
  index(0);
})();
