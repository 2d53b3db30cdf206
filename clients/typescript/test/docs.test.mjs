import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MemorySecrets, MemoryStorage } from '../dist/index.js';
import { fetchFrom, newDevice, newPerson, shown, url } from './portal.mjs';

test('The thirty lines that docs/sync-client.md begins with work as they stand', async () => {
  const here = new URL('.', import.meta.url).pathname;
  const lines = readFileSync(join(here, '../../../docs/sync-client.md'), 'utf8').match(/```ts\n([\s\S]*?)```/)[1];
  assert.ok(lines.split('\n').length <= 32);
  const person = await newPerson();
  const session = await person.code();
  const [secrets, storage, shownRows] = [new MemorySecrets(), new MemoryStorage(), []];
  globalThis.app = {
    url, secrets, storage, scanned: session.url,
    showNumber: number => void person.confirm(session.sessionId, number),
    show: rows => shownRows.push(rows),
  };
  const original = globalThis.fetch;
  const own = fetchFrom();
  globalThis.fetch = (address, init) => `${address}`.startsWith(url) && !init?.headers?.['X-Forwarded-For'] ? original(address, { ...init, headers: { ...init?.headers, 'X-Forwarded-For': '10.99.0.1' } }) : original(address, init);
  const folder = mkdtempSync(join(here, 'docs-'));
  try {
    const file = join(folder, 'app.mjs');
    writeFileSync(file, lines.replace("'@adminportal/device'", "'../../dist/index.js'"));
    const { device } = await import(file);
    for (let i = 0; i < 200 && (device.standing.state !== 'idle' || (await device.outbox()).length > 0); i++) await new Promise(done => setTimeout(done, 50));
    device.stop();
    assert.equal(device.standing.state, 'idle');
    const other = await newDevice(person, { fetch: own });
    await other.device.sync();
    assert.deepEqual(await shown(device), await shown(other.device));
    assert.deepEqual((await other.device.rows('task')).map(r => [r.fields.title, r.fields.status]), [['Call the pharmacy', 'done']]);
    assert.ok(shownRows.length > 0);
  } finally {
    globalThis.fetch = original;
    rmSync(folder, { recursive: true, force: true });
  }
});
