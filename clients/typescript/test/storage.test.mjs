import 'fake-indexeddb/auto';
import Database from 'better-sqlite3';
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { IndexedDbStorage, MemoryStorage, SqliteStorage } from '../dist/index.js';
import { newDevice, newPerson, shown } from './portal.mjs';

/** better-sqlite3 in the shape of expo-sqlite. */
const expo = database => ({
  execAsync: async sql => void database.exec(sql),
  runAsync: async (sql, parameters) => database.prepare(sql).run(...parameters),
  getAllAsync: async (sql, parameters) => database.prepare(sql).all(...parameters),
});

const folder = mkdtempSync(join(tmpdir(), 'adminportal-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const kinds = {
  memory: () => { const one = new MemoryStorage(); return () => one; },
  IndexedDB: () => { const name = `db-${++files}`; return () => new IndexedDbStorage(name); },
  SQLite: () => { const file = join(folder, `${++files}.db`); return () => new SqliteStorage(expo(new Database(file))); },
};

for (const [kind, make] of Object.entries(kinds)) {
  test(`${kind}: keeps, lists in order, and removes`, async () => {
    const open = make();
    const storage = open();
    await storage.apply(new Map([['a/2', 'two'], ['a/1', '{"x":"ä\\u0000 \'\\" \u{1F600}"}'], ['b', ''], ['a/1/x', 'deep']]));
    await storage.apply(new Map([['a/2', 'zwei'], ['b', undefined], ['none', undefined]]));
    for (const again of [storage, open()]) {
      assert.deepEqual(await again.list('a/'), [['a/1', '{"x":"ä\\u0000 \'\\" \u{1F600}"}'], ['a/1/x', 'deep'], ['a/2', 'zwei']]);
      assert.equal(await again.get('b'), undefined);
      assert.equal(await again.get('a/2'), 'zwei');
      assert.deepEqual(await again.list('c'), []);
    }
  });

  test(`${kind}: a device syncs on it, and goes on after a restart`, async () => {
    const open = make();
    const person = await newPerson();
    const { device, again } = await newDevice(person, { storage: open() });
    const clientId = await device.create('task', { title: 'One' });
    await device.sync();
    const restarted = again({ storage: open() });
    await restarted.update('task', clientId, { status: 'done' });
    assert.deepEqual(await restarted.sync(), { state: 'idle' });
    const other = await newDevice(person);
    await other.device.sync();
    assert.deepEqual(await shown(restarted), await shown(other.device));
    assert.equal((await restarted.rows('task'))[0].fields.status, 'done');
  });
}

test('SQLite: a change that fails in its middle changes nothing', async () => {
  const database = new Database(':memory:');
  const storage = new SqliteStorage(expo(database));
  await storage.apply(new Map([['kept', '1']]));
  database.exec("CREATE TRIGGER no BEFORE INSERT ON adminportal WHEN NEW.key = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END");
  await assert.rejects(storage.apply(new Map([['kept', '2'], ['new', '1'], ['bad', '1']])), /no/);
  assert.deepEqual(await storage.list(''), [['kept', '1']]);
});

test('The package has no dependency, and less than 12 KB when it is compressed', () => {
  const root = new URL('..', import.meta.url).pathname;
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined]);
  const code = readdirSync(join(root, 'dist')).filter(name => name.endsWith('.js')).map(name => readFileSync(join(root, 'dist', name)));
  const size = gzipSync(Buffer.concat(code), { level: 9 }).length;
  assert.ok(size < 12 * 1024, `${size} bytes`);
});
