import fc from 'fast-check';
import { expect } from 'vitest';
import {
  after,
  bytes,
  keyTexts,
  type Moment,
  type RangeSketch,
  ranges,
  scanOf,
  scanOptions,
  text,
  type Write,
  writes,
} from './engine-test-model.js';
import { Engine, type EngineOptions, nodeEnvironment, type Pair, type Scan, type Snapshot } from './index.js';

/**
 * For tests only: takes steps on an engine in a real directory and on the model beside it, and compares every answer. It
 * sees the engine from outside only. `which` is taken modulo what there is: any number names a snapshot or a scan.
 */

const which = fc.nat();
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constant('write' as const),
        writes: fc.array(writes, { maxLength: 4 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'settled' as const, 'sync' as const) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('compact' as const), range: ranges }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('snapshot' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), which }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('scan' as const), range: ranges, which }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('read on' as const),
        which,
        count: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), which }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('get' as const),
        keys: fc.array(keyTexts, { maxLength: 4 }),
        which,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  ),
  { maxLength: 80, size: 'max' },
);
export type Step =
  | { readonly kind: 'write'; readonly writes: readonly Write[] }
  | { readonly kind: 'flush' | 'settled' | 'sync' | 'snapshot' | 'reopen' }
  | { readonly kind: 'compact'; readonly range: RangeSketch }
  | { readonly kind: 'release' | 'leave'; readonly which: number }
  | { readonly kind: 'scan'; readonly range: RangeSketch; readonly which: number }
  | { readonly kind: 'read on'; readonly which: number; readonly count: number }
  | { readonly kind: 'get'; readonly keys: readonly string[]; readonly which: number };

/** A scan that is open, and what it has still to give. */
interface HeldScan {
  readonly scan: Scan;
  left: readonly Write[];
}

export class Driver {
  #engine: Engine;
  #now: Moment = new Map();
  #snapshots: { readonly snapshot: Snapshot; readonly moment: Moment }[] = [];
  #scans: HeldScan[] = [];
  readonly #open: () => Promise<Engine>;

  private constructor(engine: Engine, open: () => Promise<Engine>) {
    this.#engine = engine;
    this.#open = open;
  }

  static async start(path: string, options: Partial<EngineOptions>): Promise<Driver> {
    const open = () => Engine.open(nodeEnvironment(path), options);
    return new Driver(await open(), open);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'write':
        return await this.#write(step.writes);
      case 'flush':
      case 'settled':
      case 'sync':
        return await this.#engine[step.kind]();
      case 'compact':
        return await this.#engine.compact(scanOptions(step.range));
      case 'snapshot':
        this.#snapshots.push({ snapshot: this.#engine.snapshot(), moment: this.#now });
        return;
      case 'release':
        for (const { snapshot } of pick(this.#snapshots, step.which)) snapshot.release();
        this.#snapshots = this.#snapshots.filter((held) => !pick(this.#snapshots, step.which).includes(held));
        return;
      case 'scan': {
        const { snapshot, moment } = this.#view(step.which);
        const scan = this.#engine.scan({ ...scanOptions(step.range), ...snapshot });
        this.#scans.push({ scan, left: scanOf(moment, step.range) });
        return;
      }
      case 'read on':
        for (const held of pick(this.#scans, step.which)) await this.#readOn(held, step.count);
        return;
      case 'leave':
        for (const { scan } of pick(this.#scans, step.which)) {
          await scan.return();
          expect(await scan.nextMany(9)).toEqual([]);
        }
        this.#scans = this.#scans.filter((held) => !pick(this.#scans, step.which).includes(held));
        return;
      case 'get': {
        const { snapshot, moment } = this.#view(step.which);
        const keys = step.keys.map(bytes);
        const expected = step.keys.map((key) => moment.get(key));
        expect((await this.#engine.getMany(keys, snapshot)).map(text)).toEqual(expected);
        expect((await Promise.all(keys.map((key) => this.#engine.get(key, snapshot)))).map(text)).toEqual(
          expected,
        );
        return;
      }
      case 'reopen':
        return await this.#reopen();
    }
  }

  /** Reads all that is held to its end, and looks whether anything is left of it on disk. */
  async finish(): Promise<void> {
    for (const held of this.#scans) await this.#readOn(held, Infinity);
    for (const { snapshot, moment } of this.#snapshots) {
      expect(texts(await this.#engine.scan({ snapshot }).nextMany(Infinity))).toEqual(scanOf(moment, {}));
    }
    await this.#engine.settled();
    expect(this.#engine.files().obsolete).toEqual([]);
    expect(this.#engine.files().pending).toEqual([]);
    await this.#reopen();
    const reverse = { reverse: true };
    expect(texts(await this.#engine.scan().nextMany(Infinity))).toEqual(scanOf(this.#now, {}));
    expect(texts(await this.#engine.scan(reverse).nextMany(Infinity))).toEqual(scanOf(this.#now, reverse));
    await this.#engine.close();
  }

  async #write(list: readonly Write[]): Promise<void> {
    const [first] = list;
    if (list.length === 1 && first !== undefined) {
      const [key, value] = first;
      await (value === undefined
        ? this.#engine.delete(bytes(key))
        : this.#engine.put(bytes(key), bytes(value)));
    } else {
      await this.#engine.write(
        list.map(([key, value]) =>
          value === undefined
            ? { kind: 'delete', key: bytes(key) }
            : { kind: 'put', key: bytes(key), value: bytes(value) },
        ),
      );
    }
    this.#now = after(this.#now, list);
  }

  async #readOn(held: HeldScan, count: number): Promise<void> {
    const pairs: Pair[] = [];
    if (count === 1) {
      const step = await held.scan.next();
      if (step.done !== true) pairs.push(step.value);
    } else {
      pairs.push(...(await held.scan.nextMany(count)));
    }
    expect(texts(pairs)).toEqual(held.left.slice(0, count));
    held.left = held.left.slice(count);
  }

  async #reopen(): Promise<void> {
    await this.#engine.close();
    for (const { scan, left } of this.#scans) {
      // One that has ended, perhaps without having said so, is not asked for more.
      if (left.length > 0) await expect(scan.next()).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
      await scan.return();
    }
    this.#scans = [];
    this.#snapshots = [];
    this.#engine = await this.#open();
  }

  /** This moment or that of a snapshot. */
  #view(index: number): { readonly snapshot: { readonly snapshot?: Snapshot }; readonly moment: Moment } {
    const held = this.#snapshots[index % (this.#snapshots.length + 1)];
    return held === undefined
      ? { snapshot: {}, moment: this.#now }
      : { snapshot: { snapshot: held.snapshot }, moment: held.moment };
  }
}

function pick<Item>(items: readonly Item[], index: number): readonly Item[] {
  return items.slice(index % items.length, (index % items.length) + 1);
}

function texts(pairs: readonly Pair[]): readonly Write[] {
  return pairs.map(([key, value]) => [text(key) ?? '', text(value)]);
}
