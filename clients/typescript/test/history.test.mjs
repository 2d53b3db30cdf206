import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { join } from 'node:path';
import { Killed, Life, numbers, unreliable } from './faults.mjs';
import { fetchFrom, newDevice, newPerson, shown } from './portal.mjs';

const quick = { sleep: () => Promise.resolve(), tries: 2 };

/** One change of a person. Every text is written once only. */
async function edit(device, random, name, count) {
  const tasks = await device.rows('task');
  const row = tasks[Math.floor(random() * tasks.length)];
  const target = row && (row.version > 0 ? row.id : row.clientId);
  const kind = random();
  if (!row || kind < 0.35) await device.create('task', { title: `${name} title ${count}` });
  else if (kind < 0.45) await device.remove('task', target);
  else if (kind < 0.55) await device.create('focusSession', { startedAt: '2030-01-01T08:00:00Z', ...(row.version > 0 ? { taskId: row.id } : {}) }, row.version > 0 ? {} : { taskClientId: target });
  else if (kind < 0.75) await device.update('task', target, { notes: `${name} notes ${count}` });
  else await device.update('task', target, { title: `${name} title ${count}` });
}

async function untilIdle(device) {
  for (let i = 0; i < 10; i++) {
    const standing = await device.sync();
    if (standing.state === 'idle' && (await device.outbox()).length === 0) return;
    assert.ok(['idle', 'waiting'].includes(standing.state), JSON.stringify(standing));
  }
  assert.fail('It does not come to rest.');
}

for (let seed = 1; seed <= 6; seed++) {
  test(`History ${seed}: lost, doubled and late answers and killed apps end in one state`, async () => {
    const random = numbers(seed);
    const person = await newPerson();
    const phones = [];
    for (const name of ['a', 'b']) {
      const made = await newDevice(person, quick);
      const network = unreliable(made.options.fetch, random);
      phones.push({ ...made, name, count: 0, live: life => made.again({ storage: life.storage(made.storage), fetch: life.fetch(network) }) });
    }

    const titles = new Map();
    for (let step = 0; step < 36; step++) {
      const phone = phones[step % 2];
      const device = phone.live(new Life(random() < 0.4 ? 1 + Math.floor(random() * 40) : Infinity, random() < 0.5));
      try {
        for (let i = random() * 3; i > 0; i--) await edit(device, random, phone.name, ++phone.count);
        if (random() < 0.7) await device.sync();
      } catch (failure) {
        assert.ok(failure instanceof Killed, failure.stack);
      }
      for (const { op, fields } of await phone.device.outbox()) if (op === 'create' && fields.title) titles.set(fields.title, step);
    }

    for (let round = 0; round < 2; round++) for (const phone of phones) await untilIdle(phone.device);
    const fresh = await newDevice(person);
    await untilIdle(fresh.device);
    const truth = await shown(fresh.device);
    for (const phone of phones) assert.deepEqual(await shown(phone.device), truth);

    const seen = truth.filter(r => r.entity === 'task').map(r => r.fields.title);
    assert.equal(new Set(seen).size, seen.length, 'An operation had two effects.');
    for (const phone of phones) for (const { problem } of await phone.device.rejected()) assert.equal(problem.type, 'gone', 'Only what met a deletion may be rejected.');
    assert.ok(truth.length > 0 && titles.size > 0);
    if (process.env.PORTAL_RESULTS) writeFileSync(join(process.env.PORTAL_RESULTS, `${person.id}.json`), JSON.stringify(truth));
  });
}

for (const after of [false, true]) {
  test(`An app that is killed ${after ? 'after' : 'before'} any of its awaits loses and doubles nothing`, async () => {
    let made, finished = false;
    for (let at = 1; !finished; at++) {
      if (at % 12 === 1) made = await newDevice(await newPerson(), quick);
      const life = new Life(at, after);
      const device = made.again({ storage: life.storage(made.storage), fetch: life.fetch(made.options.fetch) });
      let clientId;
      try {
        clientId = await device.create('task', { title: `Task ${at}` });
        await device.update('task', clientId, { notes: 'Changed' });
        await device.sync();
        finished = !life.dead;
      } catch (failure) {
        assert.ok(failure instanceof Killed, failure.stack);
      }

      await untilIdle(made.device);
      const rows = (await made.device.rows('task')).filter(r => r.fields.title === `Task ${at}`);
      assert.ok(rows.length <= 1, 'It was created twice.');
      if (clientId) assert.equal(rows.length, 1, 'What was written is lost.');
      assert.deepEqual(await made.device.rejected(), []);
      assert.ok(at < 200);
    }
  });
}

test('Calls of sync at the same time are one, and what comes meanwhile is sent too', async () => {
  const { device } = await newDevice(await newPerson(), { fetch: fetchFrom() });
  await device.create('task', { title: 'One' });
  const [first, second] = [device.sync(), device.sync()];
  await device.create('task', { title: 'Two' });
  assert.deepEqual(await Promise.all([first, second, device.sync()]), [{ state: 'idle' }, { state: 'idle' }, { state: 'idle' }]);
  await device.sync();
  assert.deepEqual(await device.outbox(), []);
  assert.equal((await device.rows('task')).length, 2);
});
