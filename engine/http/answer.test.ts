import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { inputOutputError } from '../vfs/faulty-test-vfs.js';
import type { Vfs, VfsFile } from '../vfs/vfs.js';
import { TestServer } from './http-test-server.js';

let running: TestServer | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

test('a write whose sync fails is answered with 503 and an unknown outcome, and later ones with 503 and none', async () => {
  let failing = false;
  const server = (running = await TestServer.start({
    engine: { durability: 'always' },
    before: ({ kind }) => {
      if (failing && kind === 'sync') throw inputOutputError();
    },
  }));
  expect(await server.ask('PUT', '/before', 'x')).toMatchObject({ status: 201 });
  failing = true;
  expect(await server.ask('PUT', '/during', 'x')).toMatchObject({
    status: 503,
    json: { code: 'ENGINE_IO', outcome: 'unknown' },
  });
  failing = false;
  for (const [method, path, body] of [
    ['PUT', '/after', 'x'],
    ['DELETE', '/before', ''],
    ['POST', '/_batch', '{"op":"delete","key":"YQ=="}'],
  ] as const) {
    expect(await server.ask(method, path, body), path).toMatchObject({
      status: 503,
      json: { code: 'ENGINE_READ_ONLY', outcome: 'none' },
    });
  }
  expect(await server.ask('POST', '/_flush')).toMatchObject({
    status: 503,
    json: { code: 'ENGINE_READ_ONLY' },
  });
  expect(await server.ask('GET', '/before')).toMatchObject({ status: 200, text: 'x' });
  expect(await server.ask('GET', '/_health')).toMatchObject({ status: 503, json: { status: 'read-only' } });
  expect(server.reported).toHaveLength(1);
});

test('a put is not answered before its sync has ended', async () => {
  const gate = makeGate();
  const server = (running = await TestServer.start({ engine: { durability: 'always' }, wrap: gate.wrap }));
  gate.close();
  let answered = false;
  const put = server.ask('PUT', '/cat', 'nine').then((answer) => {
    answered = true;
    return answer;
  });
  await gate.reached;
  // The server is free to answer others meanwhile, so the put's silence is not that of a busy process.
  for (let turn = 0; turn < 5; turn++) expect(await server.ask('GET', '/cat')).toMatchObject({ status: 404 });
  expect(answered).toBe(false);
  gate.open();
  expect(await put).toMatchObject({ status: 201 });
});

test('damage that a read meets is told with file and offset, and the rest can still be read', async () => {
  const server = (running = await TestServer.start({ engine: { blockCacheBytes: 0 } }));
  await server.ask('PUT', '/cat', 'nine');
  await server.ask('POST', '/_flush');
  await server.ask('PUT', '/dog', 'one');
  const file = `l0/${readdirSync(join(server.directory, 'l0')).find((name) => name.endsWith('.sst'))}`;
  const path = join(server.directory, file);
  const content = readFileSync(path);
  content[1] = (content[1] ?? 0) ^ 0x10;
  writeFileSync(path, content);
  expect(await server.ask('GET', '/cat')).toMatchObject({
    status: 500,
    json: { code: 'ENGINE_CORRUPT', file, offset: 0 },
  });
  expect(await server.ask('GET', '/_scan')).toMatchObject({
    status: 500,
    json: { code: 'ENGINE_CORRUPT', file },
  });
  expect(await server.ask('GET', '/dog')).toMatchObject({ status: 200 });
  expect(server.reported).toHaveLength(2);
});

test('a database that was closed under the server is 503', async () => {
  const server = (running = await TestServer.start());
  await server.engine.close();
  expect(await server.ask('GET', '/cat')).toMatchObject({ status: 503, json: { code: 'ENGINE_CLOSED' } });
  expect(await server.ask('PUT', '/cat', 'x')).toMatchObject({ status: 503, json: { outcome: 'none' } });
});

/** Holds every sync back while it is closed. */
function makeGate() {
  let isOpen = true;
  let opened: () => void = () => undefined;
  let noteReached: () => void = () => undefined;
  let waiting = Promise.resolve();
  const reached = new Promise<void>((resolve) => (noteReached = resolve));
  const gated = (file: VfsFile): VfsFile => ({
    path: file.path,
    append: (bytes, label) => file.append(bytes, label),
    read: (offset, length, label) => file.read(offset, length, label),
    size: () => file.size(),
    truncate: (length, label) => file.truncate(length, label),
    close: () => file.close(),
    async sync(label) {
      if (!isOpen) noteReached();
      await waiting;
      await file.sync(label);
    },
  });
  return {
    reached,
    close() {
      isOpen = false;
      waiting = new Promise((resolve) => (opened = resolve));
    },
    open() {
      isOpen = true;
      opened();
    },
    wrap: (vfs: Vfs): Vfs => ({
      create: (path, label) => gated(vfs.create(path, label)),
      open: (path, label) => gated(vfs.open(path, label)),
      rename: (from, to, label) => vfs.rename(from, to, label),
      unlink: (path, label) => vfs.unlink(path, label),
      list: (directory, label) => vfs.list(directory, label),
      makeDirectory: (path, label) => vfs.makeDirectory(path, label),
      syncDirectory: async (path, label) => await vfs.syncDirectory(path, label),
      lock: (path, label) => vfs.lock(path, label),
    }),
  };
}
