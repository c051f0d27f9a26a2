/**
 * Figures for people: one a line, the names written out (`cacheHits` as "cache hits"), numbers with their thousands
 * apart. Whatever the engine counts is shown, in its order; a group is indented, a list has its index.
 */
export function statsText(stats: object): string {
  return linesOf(stats, '').join('');
}

function linesOf(group: object, indent: string): string[] {
  const rows = Object.entries(group).map(([name, value]) => [nameText(name), value as unknown] as const);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.flatMap(([name, value]) => {
    if (!isGroup(value)) return [`${indent}${name.padEnd(width)}  ${valueText(value)}\n`];
    const below = Array.isArray(value) ? itemLines(value, indent) : linesOf(value, `${indent}  `);
    return [`${indent}${name}\n`, ...below];
  });
}

function itemLines(items: readonly unknown[], indent: string): string[] {
  return items.map((item, index) => `${indent}  ${index}  ${itemText(item)}\n`);
}

function itemText(item: unknown): string {
  if (!isGroup(item)) return valueText(item);
  return Object.entries(item)
    .map(([name, value]) => `${valueText(value)} ${nameText(name)}`)
    .join(', ');
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function nameText(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function valueText(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return String(value);
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(3);
}
