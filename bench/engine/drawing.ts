import { formatRatio } from './table.js';
import { STORE_NAMES, type StoreName } from './store.js';
import type { RowSummary, Summary } from './summary.js';

/**
 * The ratios as one SVG: a bar for each row and peer on a logarithmic scale around 1, to the right where our engine
 * is the quicker one. A red mark is the aim against classic-level. No script, no font but the reader's own.
 */
export function drawRatios(summary: Summary, caption: string): string {
  const rows = summary.rows.filter(({ ratios }) => Object.keys(ratios).length > 0);
  const height = TOP + rows.length * ROW_HEIGHT + 44;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#24292f">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="24" font-size="15" font-weight="600">How many times as quick as its peers: ninelives' engine</text>`,
    ...legend(),
    ...scale(height - 40),
    ...rows.flatMap((row, index) => bars(row, TOP + index * ROW_HEIGHT)),
    `<text x="16" y="${height - 10}" font-size="10" fill="#57606a">${escaped(caption)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

const WIDTH = 860;
/** Where the scale begins; the titles of the rows end before it. */
const LEFT = 230;
const RIGHT = WIDTH - 60;
const TOP = 68;
const ROW_HEIGHT = 46;
const BAR_HEIGHT = 12;
const RATIO_MIN = 0.05;
const RATIO_MAX = 100;
const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
const COLOURS: Readonly<Partial<Record<StoreName, string>>> = {
  'classic-level': '#0969da',
  lmdb: '#8250df',
  sqlite: '#bf8700',
};
const AIM_COLOUR = '#cf222e';
const PEERS = STORE_NAMES.filter((name) => name !== 'ninelives');

function legend(): readonly string[] {
  const peers = PEERS.map((peer, index) => {
    const x = LEFT + index * 130;
    return `<rect x="${x}" y="38" width="12" height="12" fill="${COLOURS[peer]}"/><text x="${x + 18}" y="48">× ${peer}</text>`;
  });
  const x = LEFT + PEERS.length * 130;
  const aim = `<line x1="${x}" y1="36" x2="${x}" y2="52" stroke="${AIM_COLOUR}" stroke-width="2"/><text x="${x + 8}" y="48">aim × classic-level</text>`;
  return [...peers, aim];
}

function scale(bottom: number): readonly string[] {
  return TICKS.map((tick) => {
    const x = place(tick);
    const colour = tick === 1 ? '#24292f' : '#d0d7de';
    return `<line x1="${x}" y1="${TOP - 8}" x2="${x}" y2="${bottom}" stroke="${colour}"/><text x="${x}" y="${bottom + 14}" text-anchor="middle" font-size="10" fill="#57606a">${tick}</text>`;
  });
}

function bars({ row, ratios }: RowSummary, top: number): readonly string[] {
  const drawn = PEERS.flatMap((peer, index) => {
    const ratio = ratios[peer];
    if (ratio === undefined) return [];
    const y = top + index * (BAR_HEIGHT + 1);
    const [from, to] = [place(1), place(ratio)].sort((left, right) => left - right) as [number, number];
    const right = ratio >= 1;
    return [
      `<rect x="${from}" y="${y}" width="${Math.max(1, to - from)}" height="${BAR_HEIGHT}" fill="${COLOURS[peer]}"/>`,
      `<text x="${right ? to + 4 : from - 4}" y="${y + 10}" font-size="10"${right ? '' : ' text-anchor="end"'}>${formatRatio(ratio)}</text>`,
    ];
  });
  const aim = row.target === undefined ? [] : [aimMark(row.target, top)];
  return [
    `<text x="${LEFT - 14}" y="${top + 22}" text-anchor="end">${escaped(row.title)}</text>`,
    ...drawn,
    ...aim,
  ];
}

function aimMark(target: number, top: number): string {
  const x = place(target);
  return `<line x1="${x}" y1="${top - 3}" x2="${x}" y2="${top + BAR_HEIGHT + 3}" stroke="${AIM_COLOUR}" stroke-width="2"><title>the aim: ${target}</title></line>`;
}

function place(ratio: number): number {
  const bounded = Math.min(RATIO_MAX, Math.max(RATIO_MIN, ratio));
  const share = Math.log(bounded / RATIO_MIN) / Math.log(RATIO_MAX / RATIO_MIN);
  return Math.round(LEFT + share * (RIGHT - LEFT));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
