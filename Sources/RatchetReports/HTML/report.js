"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const run = read("run"), examples = read("examples"), suites = run.suites;
  suites.forEach((suite, s) => suite.missing.forEach((id) => examples.push({ s, id, v: "missing", w: "missing", st: "missing", c: "gone", lost: true, f: "" })));
  const systems = [];
  for (const e of examples) for (const t of e.t || []) for (const m of t.m) if (typeof m === "object" && m.n !== undefined) systems[m.n] = m;

  // Everything that is put into the page goes through here: text is a text node, and nothing else.
  const el = (name, attributes, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value === true ? "" : value);
    }
    for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
    return node;
  };
  const svg = (name, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const percent = (x) => (x * 100).toFixed(1) + " %";
  const points = (x) => (x > 0 ? "+" : "") + (x * 100).toFixed(1);
  const dollars = (x) => (x === undefined || x === null ? "" : "$" + (x === 0 ? "0" : x < 0.01 ? x.toPrecision(2) : x.toFixed(2)));
  const millis = (x) => (x === undefined || x === null ? "" : x < 1000 ? Math.round(x) + " ms" : (x / 1000).toFixed(1) + " s");
  const grouped = (n) => n.toLocaleString("en-US");
  const copy = async (text, button) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = el("textarea", {}); area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
    }
    button.textContent = "copied"; setTimeout(() => { button.textContent = "copy"; }, 1200);
  };
  const command = (text) => {
    const button = el("button", { type: "button", onclick: () => copy(text, button) }, "copy");
    return el("div", { class: "command" }, el("code", {}, text), button);
  };

  // The groups a reader looks for, the most urgent first.
  const groups = [
    ["regressed", "✗", "regressed", "bad"], ["probable", "✗", "probably regressed", "bad"], ["missing", "✗", "missing", "bad"], ["broken", "✗", "breaks a rule", "bad"],
    ["unconfirmed", "?", "lost, unconfirmed", "open"], ["flaky", "~", "flaky", "open"], ["undecided", "!", "no answer or verdict", "open"],
    ["overridden", "o", "overridden", "open"], ["incomparable", "≠", "incomparable", "soft"], ["new", "+", "new", "soft"], ["won", "✓", "won", "good"],
    ["failing", "✗", "failing as before", "soft"], ["unchanged", "✓", "unchanged", "soft"],
  ];
  const groupOf = (e) => {
    if (["errored", "unscored"].includes(e.st)) return "undecided";
    if (e.r && !["regressed", "probable", "missing"].includes(e.v)) return "broken";
    return e.v === "unchanged" && e.st === "failed" ? "failing" : e.v;
  };
  const rank = Object.fromEntries(groups.map((g, i) => [g[0], i]));
  const looks = Object.fromEntries(groups.map((g) => [g[0], g]));
  examples.forEach((e, i) => {
    e.i = i; e.g = groupOf(e); e.suite = suites[e.s].suite;
    const bad = (e.t || []).flatMap((t) => (t.st === "passed" ? [] : t.ch)).find((c) => c.st !== "passed" && c.st !== "not_applicable" && c.g !== false);
    const error = (e.t || []).map((t) => t.e).find(Boolean);
    e.why = bad ? bad.n + ": " + bad.why : error || e.note || "";
  });

  // State lives in the address, so that a link shows what its sender saw.
  const state = { q: "", sort: "", open: "", trial: 0, mode: "sides" };
  const load = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    state.q = given.get("q") || ""; state.sort = given.get("sort") || ""; state.open = given.get("open") || "";
    state.trial = Number(given.get("trial") || 0); state.mode = given.get("mode") || "sides";
  };
  const save = () => {
    const kept = new URLSearchParams();
    if (state.q) kept.set("q", state.q);
    if (state.sort) kept.set("sort", state.sort);
    if (state.open) kept.set("open", state.open);
    if (state.open && state.trial) kept.set("trial", state.trial);
    if (state.mode !== "sides") kept.set("mode", state.mode);
    history.replaceState(null, "", "#" + kept.toString());
  };

  // Search: words, and key:value tokens, a minus before them for "not".
  const tokens = (q) => (q.match(/-?(?:\w+:)?"[^"]*"|\S+/g) || []).map((word) => {
    const not = word.startsWith("-") && word.length > 1;
    const rest = not ? word.slice(1) : word;
    const colon = rest.indexOf(":");
    const key = colon > 0 ? rest.slice(0, colon) : "";
    const known = ["s", "is", "tag", "check", "id", "suite", "in", "out"].includes(key);
    return { not, key: known ? key : "", value: (known ? rest.slice(colon + 1) : rest).replace(/^"|"$/g, "").toLowerCase() };
  });
  const has = (text, value) => text !== undefined && text !== null && text.toLowerCase().includes(value);
  const matches = (e, { key, value }) => {
    switch (key) {
      case "s": case "is":
        return e.g === value || e.v === value || e.st === value || (value === "lost" && e.lost) || (value === "cached" && (e.t || []).some((t) => t.cached)) || (e.r || []).includes(value);
      case "tag": return (e.tags || []).some((t) => t.toLowerCase() === value);
      case "check": return (e.t || []).some((t) => t.ch.some((c) => c.st !== "passed" && has(c.n, value)));
      case "id": return has(e.id, value);
      case "suite": return e.suite.toLowerCase() === value;
      case "in": return has(e.in, value);
      case "out": return (e.t || []).some((t) => has(t.o, value));
      default:
        return has(e.id, value) || has(e.why, value) || has(e.in, value) || has(e.acc, value) || (e.tags || []).some((t) => has(t, value)) || (e.t || []).some((t) => has(t.o, value));
    }
  };
  const sorts = {
    verdict: (e) => rank[e.g], id: (e) => e.suite + "/" + e.id, change: (e) => e.d, cost: (e) => e.cost, latency: (e) => e.lat,
  };
  let shown = [];
  const select = () => {
    const wanted = tokens(state.q);
    shown = examples.filter((e) => wanted.every((token) => matches(e, token) !== token.not));
    const [name, way] = state.sort ? [state.sort.replace(/^-/, ""), state.sort.startsWith("-") ? -1 : 1] : ["verdict", 1];
    const by = sorts[name] || sorts.verdict;
    const keys = new Map(shown.map((e) => [e, by(e)]));
    shown.sort((a, b) => {
      const x = keys.get(a), y = keys.get(b);
      // What is unknown stands last, whichever way.
      if (x === undefined || y === undefined) return (x === undefined) - (y === undefined) || a.i - b.i;
      return (x < y ? -1 : x > y ? 1 : 0) * way || a.i - b.i;
    });
  };

  // Differences by Myers' algorithm (1986), within bounds: beyond them only what both begin and end with is told apart.
  const difference = (a, b) => {
    let start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start++;
    let end = 0;
    while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
    const x = a.slice(start, a.length - end), y = b.slice(start, b.length - end), parts = [];
    const add = (kind, items) => {
      if (!items.length) return;
      const last = parts[parts.length - 1];
      if (last && last[0] === kind) last[1].push(...items); else parts.push([kind, [...items]]);
    };
    add("same", a.slice(0, start));
    const n = x.length, m = y.length, most = Math.min(n + m, 1500), trace = [];
    let v = new Map([[1, 0]]), found = n + m === 0;
    for (let d = 0; d <= most && !found; d++) {
      trace.push(new Map(v));
      for (let k = -d; k <= d; k += 2) {
        let i = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1)) ? v.get(k + 1) ?? 0 : (v.get(k - 1) ?? 0) + 1;
        while (i < n && i - k < m && x[i] === y[i - k]) i++;
        v.set(k, i);
        if (i >= n && i - k >= m) { found = true; break; }
      }
    }
    if (!found) { add("del", x); add("ins", y); } else {
      const back = [];
      let i = n, j = m;
      for (let d = trace.length - 1; d >= 0 && (i > 0 || j > 0); d--) {
        const w = trace[d], k = i - j;
        const before = k === -d || (k !== d && (w.get(k - 1) ?? -1) < (w.get(k + 1) ?? -1)) ? k + 1 : k - 1;
        const pi = w.get(before) ?? 0, pj = pi - before;
        while (i > pi && j > pj && i > 0 && j > 0) { back.push(["same", x[--i]]); j--; }
        if (d > 0) { if (i === pi && j > 0) back.push(["ins", y[--j]]); else if (i > 0) back.push(["del", x[--i]]); }
      }
      for (const [kind, item] of back.reverse()) add(kind, [item]);
    }
    add("same", a.slice(a.length - end));
    return parts;
  };
  const words = (text) => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) || [];
  const marked = (parts, glue) => el("pre", {}, parts.map(([kind, items]) => (kind === "same" ? items.join(glue) + (glue && items.length ? glue : "") : el(kind, {}, items.join(glue) + glue))));
  const json = (text) => {
    const sorted = (value) => (Array.isArray(value) ? value.map(sorted) : value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((k) => [k, sorted(value[k])])) : value);
    const inner = text.match(/```(?:json)?\s*([\s\S]*?)```/);
    for (const candidate of [text, inner && inner[1]]) {
      try { if (candidate) return JSON.stringify(sorted(JSON.parse(candidate)), null, 2); } catch { /* not JSON: shown as text */ }
    }
    return null;
  };

  // Plots
  const plot = (title, width, height, ...children) =>
    el("figure", {}, svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title }, ...children), el("figcaption", {}, title));
  const line = (x1, y1, x2, y2, kind) => svg("line", { x1, y1, x2, y2, class: kind });
  const label = (x, y, text, anchor, kind) => { const t = svg("text", { x, y, "text-anchor": anchor || "start", class: kind || "" }); t.textContent = text; return t; };
  const ratesPlot = (rates) => {
    const slices = rates.slice(0, 14);
    if (!slices.length) return null;
    const widest = Math.max(0.01, ...slices.flatMap((r) => [Math.abs(r.deltaLow), Math.abs(r.deltaHigh)]));
    const width = 460, left = 130, right = 70, height = 24 + slices.length * 20, middle = left + (width - left - right) / 2;
    const x = (value) => middle + (value / widest) * ((width - left - right) / 2);
    const marks = slices.flatMap((r, i) => {
      const y = 22 + i * 20, kind = r.failed ? "worse" : "now";
      return [label(left - 8, y + 4, r.name.slice(0, 20), "end", r.gating ? "ink" : ""), line(x(r.deltaLow), y, x(r.deltaHigh), y, kind), svg("circle", { cx: x(r.delta), cy: y, r: 3.5, class: kind }),
        label(width - right + 8, y + 4, points(r.delta), "start", "ink")];
    });
    return plot("change of the pass rate in points, with its interval: all examples, then slices", width, height, line(middle, 8, middle, height, "axis"), label(middle, 8, "0", "middle"), ...marks);
  };
  const histogram = (title, now, before, unit) => {
    if (!now || now.length < 2) return null;
    const all = now.concat(before || []), low = Math.min(...all), high = Math.max(...all);
    if (!(high > low)) return null;
    const wide = high / Math.max(low, 1e-9) > 50 && low > 0;
    const scale = (v) => (wide ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low));
    const count = 28, bins = (values) => { const b = new Array(count).fill(0); values.forEach((v) => b[Math.min(count - 1, Math.floor(scale(v) * count))]++); return b.map((n) => n / values.length); };
    const a = bins(now), b = before && before.length > 1 ? bins(before) : null, top = Math.max(...a, ...(b || []));
    const width = 300, height = 96, floor = 78, step = width / count;
    const bars = a.map((n, i) => svg("rect", { x: i * step, y: floor - (n / top) * 66, width: step - 1, height: (n / top) * 66, class: "now bar" }));
    const outline = b ? [svg("path", { class: "before outline", d: b.map((n, i) => `${i ? "L" : "M"}${i * step},${floor - (n / top) * 66}H${(i + 1) * step}`).join("") })] : [];
    return plot(title + (b ? "; line: accepted run" : ""), width, height, ...bars, ...outline, line(0, floor, width, floor, "axis"), label(0, height - 4, unit(low)), label(width, height - 4, unit(high), "end"));
  };
  const historyPlot = (past) => {
    if (past.length < 2) return null;
    const rates = past.map((p) => p.rate), low = Math.min(...rates), high = Math.max(...rates), span = Math.max(high - low, 0.02);
    const width = 300, height = 96, x = (i) => 8 + (i * (width - 16)) / (past.length - 1), y = (r) => 12 + ((high - r) / span) * 56;
    const dots = past.map((p, i) => {
      const dot = svg("circle", { cx: x(i), cy: y(p.rate), r: 3, class: p.exit === "regressed" ? "worse" : "now" }), title = svg("title", {});
      title.textContent = `${p.day} ${p.run}: ${percent(p.rate)}, ${p.exit}, ${p.what}`; dot.append(title); return dot;
    });
    return plot("pass rate over the last runs", width, height, svg("path", { class: "now line", d: past.map((p, i) => `${i ? "L" : "M"}${x(i)},${y(p.rate)}`).join("") }), ...dots,
      label(0, height - 4, past[0].day), label(width, height - 4, percent(past[past.length - 1].rate), "end", "ink"));
  };

  // Parts of the page
  const verdict = () => {
    const sign = { good: "✓ ", bad: "✗ ", open: "! " }[run.tone] || "";
    return el("section", { class: "card verdict " + run.tone, "aria-label": "verdict" },
      el("h1", {}, sign + run.headline),
      el("ul", {}, run.reasons.map((r) => el("li", {}, r.words, r.ids.length ? ": " : "", r.ids.map((id, i) => [i ? ", " : "", el("a", { href: "#", onclick: (event) => { event.preventDefault(); openId(id); } }, id)]), r.further ? ` and ${grouped(r.further)} more` : ""))),
      el("p", { class: "soft" }, `Run ${run.run}, ${run.started}, ratchet ${run.version}` + (run.commit ? `, commit ${run.commit}` : "") + `, exit code ${run.exit}`),
      run.notes.length ? el("p", { class: "soft" }, run.notes.join("; ")) : null,
      run.next.length || run.command ? el("details", { class: "next" }, el("summary", {}, "What now: " + (run.next.map((n) => n.purpose.replace(/^or /, "")).join("; ") || "run it again")),
        run.next.map((n) => el("div", { class: "step" }, el("div", { class: "soft" }, n.purpose), command(n.command))),
        run.command ? el("div", { class: "step" }, el("div", { class: "soft" }, "run it again"), command(run.command)) : null) : null);
  };
  const calibration = (judge) => el("div", {}, el("h3", {}, "judge " + judge.name + " (" + judge.judge + "): " + judge.standing),
    judge.words ? el("div", {}, judge.words) : null,
    judge.counts ? el("table", { class: "plain" }, el("tr", {}, el("th", {}, ""), el("th", {}, "people pass"), el("th", {}, "people fail")),
      el("tr", {}, el("th", {}, "judge passes"), el("td", {}, judge.counts[0]), el("td", {}, judge.counts[1])), el("tr", {}, el("th", {}, "judge fails"), el("td", {}, judge.counts[2]), el("td", {}, judge.counts[3]))) : null,
    judge.informedness ? el("div", { class: "soft" }, `informedness ${judge.informedness[0].toFixed(2)} [${judge.informedness[1].toFixed(2)}, ${judge.informedness[2].toFixed(2)}]`) : null,
    judge.canary ? el("div", { class: "soft" }, "canary: " + judge.canary) : null);
  const suiteCard = (suite, s) => {
    const own = examples.filter((e) => e.s === s), costs = own.map((e) => e.cost).filter((c) => c !== undefined), scores = own.map((e) => e.sc).filter((c) => c !== undefined);
    const graded = scores.some((x) => x > 0 && x < 1);
    const rates = ratesPlot(suite.rates);
    const plots = [historyPlot(suite.history), histogram("latency of an answer", suite.latencies, suite.latenciesBefore, millis), histogram("cost of an example", costs, null, dollars),
      graded ? histogram("score", scores, null, (x) => x.toFixed(2)) : null].filter(Boolean);
    return el("section", { class: "card", "aria-label": "suite " + suite.suite },
      el("div", { class: rates ? "pair" : "" }, el("div", {},
        el("h2", {}, suite.suite + (suite.heading ? ": " + suite.heading : "")),
        el("div", { class: "soft" }, [suite.target, suite.prompt, suite.size, suite.basis].filter(Boolean).join("; ")),
        el("div", {}, suite.passRate), el("div", { class: "soft" }, suite.counts),
        suite.differences.length ? el("table", { class: "plain" }, suite.differences.map(([kind, before, now]) => el("tr", {}, el("th", {}, kind), el("td", { class: "code" }, before), el("td", {}, "→"), el("td", { class: "code" }, now)))) : null,
        suite.facts.length ? el("details", { open: suite.facts.length < 4 }, el("summary", { class: "soft" }, `Slices, metrics and what this run could see (${suite.facts.length})`), el("ul", {}, suite.facts.map((f) => el("li", {}, f)))) : null,
        el("div", { class: "figures" }, suite.usage.map(([name, words]) => el("span", {}, el("span", { class: "soft" }, name + " "), words)))), rates),
      plots.length ? el("div", { class: "plots" }, plots) : null,
      suite.weakenings.length ? el("details", { open: true }, el("summary", {}, `Weakened: the change lowers what guards it (${suite.weakenings.length})`), el("ul", {}, suite.weakenings.map(([kind, id, detail, by]) => el("li", {}, [kind, id, detail].filter(Boolean).join(": "), by ? ` (permitted by ${by})` : "")))) : null,
      suite.overrides.length ? el("details", { open: true }, el("summary", {}, `Overrides (${suite.overrides.length})`), el("table", { class: "plain" }, el("tr", {}, ["file", "status", "expires", "reason", "what"].map((h) => el("th", {}, h))),
        suite.overrides.map((o) => el("tr", {}, [o.file, o.status, o.expires || "never", o.reason, o.detail].map((t) => el("td", {}, t)))))) : null,
      suite.judges.length ? el("details", { open: suite.judges.some((j) => j.counts || j.words) }, el("summary", {}, "Judges"), suite.judges.map(calibration)) : null);
  };

  const page = document.getElementById("page");
  const counters = el("div", { class: "counters", role: "group", "aria-label": "filter by what became of the examples" });
  const input = el("input", { type: "search", placeholder: "Search: words, s:regressed, tag:billing, check:schema, id:…, in:…, out:…, -not", "aria-label": "search", autocomplete: "off", spellcheck: "false" });
  const status = el("span", { class: "soft", role: "status" });
  const columns = [["verdict", "verdict", ""], ["id", "example", ""], ["change", "change", ""], ["", "why", "wide"], ["cost", "cost", "wide number"], ["latency", "time", "wide number"]];
  const heads = columns.map(([sort, words, kind]) => el("div", { role: "columnheader", class: kind, "data-sort": sort }, sort ? el("button", { type: "button", onclick: () => { state.sort = state.sort === sort ? "-" + sort : sort; refresh(); } }, words) : el("span", { class: "soft" }, words)));
  const rows = el("div", { class: "rows", tabindex: "0", role: "rowgroup", "aria-label": "examples" }), space = el("div", { class: "space" });
  const table = el("div", { class: "table", role: "table", "aria-label": "examples" }, el("div", { class: "rowgrid head", role: "row" }, heads), rows);
  const split = el("div", { class: "split" }, table);
  rows.append(space);
  const height = 34, keyOf = (e) => e.suite + "/" + e.id;

  const drawCounters = () => {
    const counts = {};
    for (const e of examples) counts[e.g] = (counts[e.g] || 0) + 1;
    const chosen = new Set(tokens(state.q).filter((t) => t.key === "s" && !t.not).map((t) => t.value));
    counters.replaceChildren(...groups.filter(([g]) => counts[g]).map(([g, sign, name, tone]) => el("button", { type: "button", "aria-pressed": String(chosen.has(g)), "data-group": g, onclick: () => toggle(g) },
      el("span", { class: tone, "aria-hidden": "true" }, sign + " "), name + " ", el("b", {}, grouped(counts[g])))));
  };
  const toggle = (g) => {
    const on = tokens(state.q).some((t) => t.key === "s" && !t.not && t.value === g);
    const rest = state.q.replace(/(^|\s)s:\S+/g, " ").trim();
    state.q = on ? rest : ("s:" + g + " " + rest).trim();
    refresh();
  };
  let drawn = "";
  const drawRows = (force) => {
    const all = matchMedia("print").matches, top = Math.max(0, Math.floor(rows.scrollTop / height) - 10);
    const end = all ? Math.min(shown.length, 500) : Math.min(shown.length, top + Math.ceil(rows.clientHeight / height) + 20), begin = all ? 0 : top;
    const view = begin + ":" + end + ":" + state.open;
    if (!force && view === drawn) return;
    drawn = view;
    space.style.height = shown.length * height + "px";
    space.replaceChildren(...shown.slice(begin, end).map((e, i) => {
      const [, sign, name, tone] = looks[e.g] || ["", "", e.w, ""];
      const row = el("div", { class: "row rowgrid" + (keyOf(e) === state.open ? " chosen" : ""), role: "row", "data-key": keyOf(e), onclick: () => openExample(e) },
        el("div", { role: "cell", class: "mark " + tone }, sign + " " + name), el("div", { role: "cell", title: e.id }, suites.length > 1 ? e.suite + "/" + e.id : e.id), el("div", { role: "cell", class: "code" }, e.c.replace("->", "→")),
        el("div", { role: "cell", class: "wide soft", title: e.why }, e.why), el("div", { role: "cell", class: "wide number" }, dollars(e.cost)), el("div", { role: "cell", class: "wide number" }, millis(e.lat)));
      row.style.top = (begin + i) * height + "px";
      return row;
    }), ...(shown.length ? [] : [el("div", { class: "none" }, "Nothing matches. ", el("button", { type: "button", onclick: () => { state.q = ""; refresh(); } }, "Show all"))]));
  };
  const refresh = () => {
    select();
    if (input.value !== state.q) input.value = state.q;
    heads.forEach((h) => {
      const sort = h.getAttribute("data-sort");
      h.setAttribute("aria-sort", sort && state.sort.replace(/^-/, "") === sort ? (state.sort.startsWith("-") ? "descending" : "ascending") : "none");
    });
    status.textContent = shown.length === examples.length ? grouped(shown.length) + " examples" : grouped(shown.length) + " of " + grouped(examples.length);
    drawCounters(); rows.scrollTop = 0; drawRows(true); save();
  };
  const find = (key) => examples.find((e) => keyOf(e) === key);
  const openId = (id) => { const e = examples.find((x) => x.id === id) || find(id); if (e) openExample(e); };
  const openExample = (e) => {
    state.open = keyOf(e);
    // The trial that says most: the first that came out as the example did.
    state.trial = Math.max(0, (e.t || []).findIndex((t) => t.st === e.st));
    showOpen();
  };
  const closePane = () => { state.open = ""; showOpen(); rows.focus(); };
  const move = (step) => {
    if (!shown.length) return;
    const at = shown.findIndex((e) => keyOf(e) === state.open), next = shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? 0 : at + step))];
    const place = shown.indexOf(next) * height;
    if (place < rows.scrollTop) rows.scrollTop = place; else if (place > rows.scrollTop + rows.clientHeight - height) rows.scrollTop = place - rows.clientHeight + height;
    openExample(next);
  };
  const showOpen = () => {
    const e = state.open ? find(state.open) : null;
    split.classList.toggle("opened", Boolean(e));
    while (split.children.length > 1) split.lastChild.remove();
    if (e) split.append(pane(e));
    drawRows(true); save();
  };

  // One example in full
  const section = (title, ...children) => [el("h3", {}, title), ...children];
  const text = (value) => el("pre", {}, value === "" ? "(empty)" : value);
  const outputs = (e, trial) => {
    const now = trial.o, before = e.acc;
    if (now === undefined) return [trial.e ? text(trial.e) : text("no answer")];
    if (before === undefined || before === null) return [text(now)];
    if (before === now) return [el("div", { class: "soft" }, "the accepted output, to the letter"), text(now)];
    const a = json(before), b = json(now), both = a !== null && b !== null;
    const mode = state.mode === "json" && !both ? "words" : state.mode;
    const modes = [["sides", "side by side"], ["words", "words"], ...(both ? [["json", "JSON"]] : [])];
    const bar = el("div", { class: "tabs", role: "group", "aria-label": "how the outputs are compared" }, modes.map(([m, words]) => el("button", { type: "button", "aria-pressed": String(m === mode), "data-mode": m, onclick: () => { state.mode = m; showOpen(); } }, words)));
    if (mode === "words") return [bar, marked(difference(words(before), words(now)), "")];
    if (mode === "json") return [bar, marked(difference(a.split("\n"), b.split("\n")), "\n")];
    return [bar, el("div", { class: "sides" }, el("div", {}, el("div", { class: "soft" }, "accepted"), text(before)), el("div", {}, el("div", { class: "soft" }, "now"), text(now)))];
  };
  const checkRow = (c) => {
    const [sign, tone] = { passed: ["✓", "good"], failed: ["✗", "bad"], errored: ["!", "open"], unscored: ["?", "open"], not_applicable: ["–", "soft"] }[c.st] || ["", ""];
    return el("tr", {}, el("td", { class: tone }, sign + " " + c.st.replace("_", " ")), el("td", {}, c.n + (c.ty ? " (" + c.ty + ")" : "") + (c.g === false ? ", does not gate" : "")), el("td", {}, c.sc === undefined ? "" : c.sc.toFixed(2)), el("td", {}, c.why + (c.k ? " (" + c.k + ")" : "")));
  };
  const messages = (trial) => trial.m.map((m) => (typeof m === "number" ? systems[m] : m)).map((m) => el("div", {}, el("div", { class: "soft" }, m.r), text(m.c), m.tc ? text(m.tc) : null));
  const pane = (e) => {
    const trials = e.t || [], trial = trials[Math.min(state.trial, trials.length - 1)];
    const [, sign, , tone] = looks[e.g] || ["", "", "", ""];
    const facts = trial ? [["model", trial.model], ["finish reason", trial.fin], ["time", millis(trial.lat)], ["to the first token", millis(trial.ttft)], ["tokens", trial.tok ? `${trial.tok[0] ?? "?"} in, ${trial.tok[1] ?? "?"} out` : ""], ["cost", dollars(trial.cost)], ["from", trial.cached ? "the cache" : ""], ["trace", trial.trace]].filter(([, v]) => v) : [];
    const shell = (w) => (/^[\w./:@%+=,-]+$/.test(w) ? w : "'" + w.replace(/'/g, "'\\''") + "'");
    return el("aside", { class: "pane", "aria-label": "example " + e.id },
      el("div", { class: "title" }, el("h2", {}, e.id), el("button", { type: "button", "aria-label": "close", onclick: closePane }, "close")),
      el("div", {}, el("span", { class: tone }, sign + " " + e.w), el("span", { class: "soft" }, "  " + [e.c.replace("->", "→"), ...(e.ev || [])].join(", "))),
      el("div", { class: "soft" }, [suites[e.s].suite, e.f].filter(Boolean).join("; ")),
      e.note ? el("div", {}, e.note) : null, e.ov ? el("div", {}, "permitted by ", el("code", {}, e.ov)) : null,
      (e.tags || []).map((t) => el("button", { type: "button", class: "tag", onclick: () => { state.q = "tag:" + (/\s/.test(t) ? '"' + t + '"' : t); refresh(); } }, t)),
      e.cut ? el("p", { class: "soft" }, "Its outputs were left out of this page, to keep it small; it passes as it did.") : null,
      trials.length > 1 ? el("div", { class: "tabs", role: "tablist", "aria-label": "trials" }, trials.map((t, i) => el("button", { type: "button", role: "tab", "aria-selected": String(i === Math.min(state.trial, trials.length - 1)), onclick: () => { state.trial = i; showOpen(); } },
        (t.st === "passed" ? "✓ " : t.st === "failed" ? "✗ " : "! ") + t.d))) : null,
      trial ? [section("Output", outputs(e, trial)), trial.tc ? section("Tool calls", text(trial.tc)) : null,
        trial.ch.length ? section("Checks", el("table", { class: "checks" }, [...trial.ch].sort((a, b) => (a.st === "passed") - (b.st === "passed")).map(checkRow))) : null,
        trial.j ? section("Judge", trial.j.map((j) => el("div", {}, el("div", { class: "soft" }, [j.p, j.m, dollars(j.cost)].filter(Boolean).join(", ")), text(j.o)))) : null] : null,
      e.ex !== undefined ? section("Expected", text(e.ex)) : null, e.in !== undefined ? section("Input", text(e.in)) : null,
      trial ? [el("details", {}, el("summary", { class: "soft" }, "What the model was sent"), messages(trial)),
        trial.at ? el("details", {}, el("summary", { class: "soft" }, trial.at.length + " attempts"), el("ul", {}, trial.at.map((a) => el("li", {}, a)))) : null,
        section("Facts", el("table", { class: "plain" }, facts.map(([n, v]) => el("tr", {}, el("th", {}, n), el("td", {}, v)))))] : null,
      section("Commands", command(`ratchet show ${run.run} ${shell(e.suite + "/" + e.id)}`), command(`ratchet run ${e.suite} --only ${shell(e.id)}`), e.lost ? command(`ratchet run ${e.suite} --allow-regression ${shell(e.id)} --reason "…"`) : null));
  };
  const help = el("dialog", { "aria-label": "keys" }, el("h2", {}, "Keys"), el("table", { class: "plain" }, [["j k ↓ ↑", "next, previous example"], ["Enter", "open the first"], ["[ ]", "previous, next trial"], ["d", "another view of the difference"], ["/", "search"], ["Esc", "close, or clear the search"], ["?", "this list"]].map(([k, w]) => el("tr", {}, el("td", {}, el("kbd", {}, k)), el("td", {}, w)))),
    el("form", { method: "dialog" }, el("button", {}, "close")));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === input) {
      if (event.key === "Escape") { state.q = ""; refresh(); input.blur(); rows.focus(); } else if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); rows.focus(); move(0); }
      return;
    }
    const button = event.target.tagName === "BUTTON" || event.target.tagName === "SUMMARY" || event.target.tagName === "A";
    const trials = state.open && find(state.open) ? (find(state.open).t || []).length : 0;
    switch (event.key) {
      case "j": case "ArrowDown": event.preventDefault(); return move(1);
      case "k": case "ArrowUp": event.preventDefault(); return move(-1);
      case "Enter": if (!button) { event.preventDefault(); move(0); } return;
      case "[": if (state.trial > 0) { state.trial--; showOpen(); } return;
      case "]": if (state.trial < trials - 1) { state.trial++; showOpen(); } return;
      case "d": if (state.open) { const ways = ["sides", "words", "json"]; state.mode = ways[(ways.indexOf(state.mode) + 1) % 3]; showOpen(); } return;
      case "/": event.preventDefault(); input.focus(); input.select(); return;
      case "?": if (!help.open) help.showModal(); return;
      case "Escape": if (help.open) help.close(); else if (state.open) closePane(); else if (state.q) { state.q = ""; refresh(); } return;
    }
  });
  input.addEventListener("input", () => { state.q = input.value; refresh(); });
  rows.addEventListener("scroll", () => drawRows(false));
  addEventListener("resize", () => drawRows(false));
  addEventListener("hashchange", () => { load(); refresh(); showOpen(); });
  addEventListener("beforeprint", () => drawRows(true));
  addEventListener("afterprint", () => drawRows(true));

  load();
  page.append(verdict(), el("div", { class: "suites" }, suites.map(suiteCard)),
    el("div", { class: "tools" }, counters, el("div", { class: "search" }, input, status, el("button", { type: "button", "aria-label": "keys", onclick: () => help.showModal() }, "?"))), split, help);
  const keep = state.open;
  refresh();
  if (keep) { state.open = keep; showOpen(); }
})();
