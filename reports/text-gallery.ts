/** The gallery of planted bugs for the terminal: what was caught, by what, and whether the right culprit was named. */
import type { GalleryRow } from '../harness/run/record.js';
import { countText, counted, durationText } from './quantity.js';
import { paintRows } from './text-paint.js';
import { cutLine, tableLines, wrapWords } from './text-table.js';
import type { Colours, TextColumn } from './text-table.js';
import { visibleText } from './visible-text.js';

const ID_WIDTH = 36;
const BY_WIDTH = 24;
/** With a further column the others have to give way. */
const BY_WIDTH_BESIDE_CULPRIT = 15;

/** Lines of the gallery; none if it was not run. */
export function galleryLines(
  gallery: readonly GalleryRow[] | undefined,
  colours: Colours,
): readonly string[] {
  if (gallery === undefined) return [];
  const withCulprits = gallery.some((row) => row.culprit !== undefined);
  const columns: readonly TextColumn[] = [
    { title: 'gallery', align: 'left' },
    { title: 'planted bug', align: 'left' },
    { title: 'by', align: 'left' },
    ...(withCulprits ? [{ title: 'culprit', align: 'left' } as const] : []),
    { title: 'time', align: 'right' },
    { title: 'cases', align: 'right' },
    { title: 'minimised to', align: 'right' },
  ];
  const rows = gallery.map((row) => [
    row.caught ? '✓ caught' : '✗ missed',
    cutLine(visibleText(row.id), ID_WIDTH),
    cutLine(
      visibleText(row.error === undefined ? row.by.join(', ') : `not run: ${row.error}`),
      withCulprits ? BY_WIDTH_BESIDE_CULPRIT : BY_WIDTH,
    ),
    ...(withCulprits ? [culpritCell(row)] : []),
    durationText(row.findMs),
    countText(row.cases),
    row.caught ? counted(row.operations, 'operation') : '',
  ]);
  const table = paintRows(
    tableLines(columns, rows),
    gallery.map((row) => (row.caught ? 'held' : 'violated')),
    colours,
  );
  const replays = gallery.flatMap((row) => (row.replay === undefined ? [] : [visibleText(row.replay)]));
  return [
    ...table,
    ...gallery.flatMap((row) => wrongCulpritLines(row, colours)),
    ...(replays.length === 0 ? [] : ['see them again, in this order:', ...replays]),
  ];
}

function culpritCell({ culprit }: GalleryRow): string {
  if (culprit === undefined) return '–';
  return culprit.right ? '✓ right' : '✗ wrong';
}

function wrongCulpritLines({ id, culprit }: GalleryRow, colours: Colours): readonly string[] {
  if (culprit === undefined || culprit.right) return [];
  const found = culprit.found === null ? 'none was found' : `found ${visibleText(culprit.found)}`;
  return wrapWords(
    `wrong culprit of ${visibleText(id)}: expected ${visibleText(culprit.expected)}, ${found}`,
  ).map(colours.yellow);
}
