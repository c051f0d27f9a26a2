import { expect, test } from 'vitest';
import { type Command, parseCommand } from './command.js';

const bytes = (text: string) => Buffer.from(text);

test.each<[string, Command | undefined]>([
  ['put cat nine', { kind: 'put', key: bytes('cat'), value: bytes('nine') }],
  ['put cat ""', { kind: 'put', key: bytes('cat'), value: bytes('') }],
  ['  get\tcat ', { kind: 'get', key: bytes('cat') }],
  ['del cat', { kind: 'del', key: bytes('cat') }],
  ['scan', { kind: 'scan', options: { reverse: false } }],
  ['scan a', { kind: 'scan', options: { gte: bytes('a'), reverse: false } }],
  [
    'scan a c --reverse --limit 3',
    { kind: 'scan', options: { gte: bytes('a'), lt: bytes('c'), reverse: true, limit: 3 } },
  ],
  ['scan --prefix ab', { kind: 'scan', options: { gte: bytes('ab'), lt: bytes('ac'), reverse: false } }],
  ['scan "--limit"', { kind: 'scan', options: { gte: bytes('--limit'), reverse: false } }],
  [
    'batch put a 1 del b',
    {
      kind: 'batch',
      writes: [
        { kind: 'put', key: bytes('a'), value: bytes('1') },
        { kind: 'delete', key: bytes('b') },
      ],
    },
  ],
  ['fill 3 3', { kind: 'fill', first: 3, last: 3 }],
  ['compact', { kind: 'compact', range: {} }],
  ['compact a b', { kind: 'compact', range: { gte: bytes('a'), lt: bytes('b') } }],
  ['flush', { kind: 'flush' }],
  ['quit', { kind: 'quit' }],
  ['', undefined],
  ['   ', undefined],
  ['# put a 1', undefined],
])('%j', (line, expected) => {
  expect(asText(parseCommand(line))).toEqual(asText(expected));
});

test.each([
  'put a',
  'put a 1 2',
  'get',
  'get a b',
  'del',
  'scan a b c',
  'scan --limit',
  'scan --limit -1',
  'scan --limit 1.5',
  'scan --prefix',
  'scan --unknown',
  'batch',
  'batch put a',
  'batch del',
  'batch get a',
  'batch "del" a',
  'fill 1',
  'fill 2 1',
  'fill 0 10000000',
  'fill a b',
  'compact a b c',
  'flush now',
  'quit 1',
])('%s is misused', (line) => {
  expect(() => parseCommand(line)).toThrow(expect.objectContaining({ code: 'REPL_BAD_ARGUMENT' }) as Error);
});

test.each(['PUT a 1', 'toString', '"get" a', 'delete a', '\u001b[2J'])('%j is no command', (line) => {
  expect(() => parseCommand(line)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/UNKNOWN_COMMAND|BAD_LINE/) as string }) as Error,
  );
});

test('an unknown name is shown without its control characters, and short', () => {
  expect(() => parseCommand(`"\\u001b[2J" ${'x'.repeat(100)}`)).toThrow(String.raw`got "\u001b[2J".`);
  expect(() => parseCommand('x'.repeat(100))).toThrow(new RegExp('got x{40}\\.$'));
});

/** With bytes as text, of whichever class they are. */
function asText(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asText(part)]));
}
