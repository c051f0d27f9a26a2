/**
 * The style of the page, as one constant text, because the page's content security policy names its hash. One hue
 * for heat, three for verdicts; every colour is a variable with a light and a dark value, and a colour never says
 * anything that a word or a shape beside it does not say too.
 */
const COLOURS = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --panel: #f4f2ec; --ink: #1d1c1a; --muted: #67635a; --line: #dcd8cd;
  --held: #1c6b41; --held-wash: #e3f1e8; --violated: #a3231b; --violated-wash: #fbe8e5;
  --unknown: #7d5600; --unknown-wash: #f8edd2;
  --shade-1: #e4eef5; --shade-2: #bfd8e8; --shade-3: #8bb8d6; --shade-4: #3f7fae; --shade-5: #1d5580;
  --shade-low-ink: #14222c; --shade-high-ink: #ffffff; --never: #eae7df;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161614; --panel: #1f1f1c; --ink: #e9e6df; --muted: #a29d92; --line: #383630;
    --held: #74c898; --held-wash: #1b3226; --violated: #f0897e; --violated-wash: #3d1f1c;
    --unknown: #e2b655; --unknown-wash: #362b12;
    --shade-1: #1b2a35; --shade-2: #23435a; --shade-3: #2f6386; --shade-4: #7fb4d8; --shade-5: #b9dcf2;
    --shade-low-ink: #e6eff5; --shade-high-ink: #0d1a23; --never: #282723;
  }
}`;

const PAGE = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 76rem; padding: 0 clamp(1rem, 4vw, 3rem) 4rem;
  background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1, h2, h3, h4, h5, p, dl, ul, ol, pre { margin: 0; }
code, pre, .number, .heat { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
code { font-size: 0.9em; overflow-wrap: anywhere; }
small { font-size: 0.85em; color: var(--muted); font-weight: 400; }
header {
  display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0.25rem 2rem;
  padding: 1.5rem 0 0.75rem; border-bottom: 1px solid var(--ink);
}
.name { font-size: 1.15rem; font-weight: 650; letter-spacing: -0.01em; }
.name svg { margin-right: 0.6rem; }
.spent { fill: var(--muted); opacity: 0.55; }
.standing { fill: var(--ink); }
.run { color: var(--muted); font-size: 0.9rem; font-variant-numeric: tabular-nums; }
section { margin-top: 3rem; }
h2 { font-size: 1.2rem; font-weight: 650; letter-spacing: -0.01em; margin-bottom: 0.75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
h4 { font-size: 0.9rem; margin: 1.5rem 0 0.4rem; }
h5 { font-size: 0.8rem; color: var(--muted); font-weight: 600; margin: 0.75rem 0 0.25rem; }
.note { color: var(--muted); font-size: 0.9rem; max-width: 48rem; margin-top: 0.5rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.badge {
  display: inline-block; padding: 0.05rem 0.5rem; border-radius: 3px; font-size: 0.85rem; font-weight: 600;
  white-space: nowrap; border: 1px solid;
}
.held { color: var(--held); } .violated { color: var(--violated); } .unknown { color: var(--unknown); }
.badge.held { background: var(--held-wash); }
.badge.violated { background: var(--violated-wash); }
.badge.unknown { background: var(--unknown-wash); }
.command {
  background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 0.5rem 0.75rem;
  margin-top: 0.4rem; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; font-size: 0.9rem;
}
.wide { overflow-x: auto; max-width: 100%; }
.wide:focus-visible { outline: 2px solid var(--muted); outline-offset: 2px; }`;

const SECTIONS = `
.verdict { margin-top: 2.5rem; }
h1 { font-size: clamp(2.75rem, 8vw, 4.5rem); line-height: 1; font-weight: 700; letter-spacing: -0.035em; }
.meaning { font-size: 1.2rem; line-height: 1.4; max-width: 44rem; margin-top: 1rem; text-wrap: pretty; }
.counts {
  display: flex; flex-wrap: wrap; justify-content: space-between; gap: 1.25rem 1.5rem; margin-top: 2rem; padding: 1.25rem 0; border: solid var(--line); border-width: 1px 0;
}
@media (max-width: 40rem) { .counts { display: grid; grid-template-columns: 1fr 1fr; } }
.counts div { display: flex; flex-direction: column; }
.counts dt { order: 2; font-size: 0.9rem; }
.counts dd { margin: 0; display: contents; }
.counts strong { order: 1; font-size: 1.7rem; line-height: 1.2; font-weight: 600; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.counts small { order: 3; font-variant-numeric: tabular-nums; }
.failure { border-top: 2px solid var(--violated); padding-top: 0.25rem; }
.failure + .failure { margin-top: 3rem; }
.failure h3 { margin: 0.75rem 0; }
.violation { background: var(--violated-wash); border-radius: 4px; padding: 0.75rem 1rem; margin-top: 0.5rem; overflow-wrap: anywhere; }
.key { display: grid; gap: 0.15rem; margin-top: 0.4rem; } .key:empty { display: none; }
.key div { display: grid; grid-template-columns: 4.5rem 1fr; gap: 0.5rem; }
.key dt { color: var(--muted); font-size: 0.9rem; } .key dd { margin: 0; }
.found dt, .found dd { color: var(--violated); font-weight: 600; }
.history ol { list-style: none; padding: 0; border-left: 1px solid var(--line); }
.history li {
  display: grid; grid-template-columns: 2.25rem 1.25rem minmax(0, 1fr); gap: 0.25rem; padding: 0.15rem 0.5rem 0.15rem 0;
  overflow-wrap: anywhere;
}
.history li::before { content: attr(value); text-align: right; padding-right: 0.4rem; color: var(--muted); font-size: 0.85rem; font-variant-numeric: tabular-nums; line-height: 1.75; }
.shape { text-align: center; }
.acknowledged .shape { color: var(--held); } .in-flight .shape { color: var(--unknown); }
.failed .shape, .killed .shape { color: var(--violated); font-weight: 700; }
.killed { font-weight: 600; }
.history .proof { background: var(--panel); }
.proof-mark { color: var(--violated); font-size: 0.85rem; white-space: nowrap; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(34rem, 100%), 1fr)); gap: 1.5rem 2.5rem; }
.limits { border: 1px solid var(--unknown); border-left-width: 4px; border-radius: 4px; padding: 1.25rem 1.5rem; background: var(--panel); }
.limits ul { padding-left: 1.1rem; max-width: 52rem; } .limits li + li { margin-top: 0.35rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 0.25rem 2.5rem; margin-top: 1rem; }
.facts div { display: grid; grid-template-columns: 8rem 1fr; gap: 0.5rem; }
.facts dt { color: var(--muted); } .facts dd { margin: 0; }`;

const TABLES = `
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
caption { text-align: left; font-weight: 650; padding-bottom: 0.25rem; }
th { text-align: left; font-weight: 400; }
th.number { text-align: right; }
thead th { color: var(--muted); font-size: 0.8rem; border-bottom: 1px solid var(--line); vertical-align: bottom; padding: 0.2rem 0.5rem 0.2rem 0; }
tbody th, tbody td { padding: 0.3rem 0.5rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.number { padding-left: 0.75rem; font-size: 0.85rem; }
.scenarios, .gallery { min-width: 54rem; }
.scenarios td:first-child, .gallery td:first-child { width: 7.5rem; }
.scenarios thead .number { white-space: normal; max-width: 6.5rem; font-family: inherit; }
thead .number { font-family: inherit; font-size: 0.8rem; }
.promise { min-width: 17rem; } .promise small { display: block; }
.doubts { padding-left: 1rem; font-size: 0.9em; color: var(--unknown); margin-top: 0.25rem; }
.listing { width: auto; min-width: min(36rem, 100%); }
.listing th[scope="row"], .listing td { white-space: nowrap; }
.listing code { overflow-wrap: normal; }
.listing thead .number { white-space: normal; min-width: 6rem; }
.vanished { color: var(--violated); } .appeared { color: var(--held); } .resized { color: var(--unknown); }
.phases { columns: 3 21rem; column-gap: 2.5rem; margin-top: 1.25rem; }
.phases .wide { break-inside: avoid; padding-bottom: 1.75rem; }
.points { min-width: 19rem; border-collapse: separate; border-spacing: 0 2px; }
.points thead th { border: 0; padding: 0 0.5rem 0 0; }
.points thead th:nth-child(n + 3) { text-align: center; padding: 0; }
.points tbody th, .points tbody td { border: 0; padding: 0.1rem 0.5rem 0.1rem 0; }
.points tbody th { white-space: nowrap; }
.points tbody .number { color: var(--muted); }
.points tbody .heat { width: 3.6rem; padding: 0.15rem 0; border-left: 2px solid var(--paper); font-size: 0.8rem; vertical-align: middle; }
.heat { text-align: center; color: var(--muted); font-variant-numeric: tabular-nums; white-space: nowrap; }
.shade-1, .shade-2, .shade-3 { color: var(--shade-low-ink); }
.shade-4, .shade-5 { color: var(--shade-high-ink); }
.shade-1 { background: var(--shade-1); } .shade-2 { background: var(--shade-2); } .shade-3 { background: var(--shade-3); }
.shade-4 { background: var(--shade-4); } .shade-5 { background: var(--shade-5); }
.none, .never { background: var(--never); color: var(--muted); }
.heat.never { font-style: italic; }
.unreached th { color: var(--muted); }
.heat.failed { background: var(--violated-wash); color: var(--violated); font-weight: 700; box-shadow: inset 0 0 0 1px; }
.legend { max-width: none; display: flex; flex-wrap: wrap; gap: 0.35rem 1.5rem; }
.legend .heat { display: inline-block; min-width: 2rem; font-size: 0.8rem; padding: 0.05rem 0.5rem; margin-right: 0.2rem; }`;

const POWER = `
.matrix { width: auto; margin-top: 1rem; }
.matrix .state { min-width: 7.25rem; font-size: 0.85rem; white-space: nowrap; border-left: 2px solid var(--paper); padding-left: 0.6rem; }
.matrix tbody th { white-space: nowrap; min-width: 14rem; padding-right: 1.5rem; vertical-align: middle; }
.matrix thead th + th { padding-left: 0.6rem; }
.matrix small { display: block; color: inherit; font-variant-numeric: tabular-nums; }
.state.held { background: var(--held-wash); } .state.unknown { background: var(--unknown-wash); }
.state.violated { background: var(--violated-wash); box-shadow: inset 0 0 0 1px; }
.state.untried { background: var(--never); color: var(--muted); }
.power-counts { margin-top: 1rem; } .power-counts table { margin-top: 1rem; }
.power-counts thead .number { white-space: normal; }
.number + .digest { padding-left: 1rem; }
summary { cursor: pointer; }
.culprits { padding-left: 1.1rem; margin-bottom: 1.5rem; } .culprits li + li { margin-top: 0.25rem; }
.culprit { border: 1px solid var(--violated); border-left-width: 4px; border-radius: 4px; padding: 0.75rem 1rem; margin-top: 0.75rem; overflow-wrap: anywhere; }
.culprit h4 { margin: 0 0 0.25rem; } .culprit > p { font-weight: 600; }
.below { display: block; }`;

const PRINT = `
@media print {
  :root { --paper: #fff; --panel: #fff; }
  body { font-size: 10pt; max-width: none; padding: 0; }
  section { margin-top: 1.5rem; }
  .wide { overflow: visible; }
  .scenarios, .gallery, .points, .matrix, .matrix .state { min-width: 0; }
  h2, h3, h4, h5, caption { break-after: avoid; }
  tr, li, .violation, .culprit, .command, .limits { break-inside: avoid; }
  .badge, .heat, .state, .violation, .never { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@page { margin: 15mm; }`;

/** All rules of the page. Holds no text from a record. */
export const PAGE_STYLE = [COLOURS, PAGE, SECTIONS, TABLES, POWER, PRINT].join('\n');
