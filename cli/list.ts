import type { Command } from 'commander';
import { SCENARIOS } from '../scenarios/index.js';
import { loadGallery } from '../scenarios/gallery/index.js';

/** `ninelives list`: the scenarios and the planted bugs, a line each. */
export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('list scenarios and planted bugs')
    .action(() => {
      const rows = [
        ['Scenarios (ninelives run NAME)', ''],
        ...SCENARIOS.map(({ name, title }) => [`  ${name}`, title]),
        ['Planted bugs (ninelives gallery NAME)', ''],
        ...loadGallery().map(({ id, what }) => [`  ${id}`, what]),
      ];
      const width = Math.max(...rows.filter(([, text]) => text !== '').map(([name]) => name?.length ?? 0));
      for (const [name = '', text = ''] of rows)
        process.stdout.write(`${name.padEnd(width)}  ${text}`.trimEnd() + '\n');
    });
}
