import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemorySecrets, pair, PortalError, preview, readCode, resumePairing } from '../dist/index.js';
import { fetchFrom, newDevice, newPerson, shown, url } from './portal.mjs';

const until = async (what, ms = 10_000) => {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise(done => setTimeout(done, 50))) if (await what()) return;
  assert.fail('It did not come to that.');
};

test('readCode knows links, JSON and short codes, and nothing else', async () => {
  const session = await (await newPerson()).code();
  const secret = { sessionId: session.qrPayload.sessionId, pairingCode: session.qrPayload.pairingCode };
  assert.deepEqual(readCode(session.url), { qrPayload: secret });
  assert.deepEqual(readCode(JSON.stringify(session.qrPayload)), { qrPayload: secret });
  assert.deepEqual(readCode(` ${session.shortCode} `), { shortCode: session.shortCode });
  for (const other of ['', 'https://example.org/', '{', '{}', 'https://example.org/p#%%%', 'hello world out there']) assert.equal(readCode(other), null);
});

test('A short code is previewed and claimed; the token is in the secure store alone', async () => {
  const person = await newPerson();
  const session = await person.code();
  const code = readCode(session.shortCode);
  const fetch = fetchFrom();
  assert.deepEqual((await preview(code, { url, fetch })).permissions.map(p => p.scope), ['WRITE_NOTES']);

  const secrets = new MemorySecrets();
  const paired = await pair(code, { deviceType: 'TABLET' }, {
    url, secrets, fetch, sleep: () => Promise.resolve(), onMatchNumber: number => void person.confirm(session.sessionId, number),
  });

  assert.equal('sessionToken' in paired, false);
  assert.match(await secrets.get('adminportal.token'), /^dvc_/);
  assert.equal(await secrets.get('adminportal.claim'), null);
});

test('An app that dies while its person types the number goes on with the same claim', async () => {
  const person = await newPerson();
  const session = await person.code();
  const [secrets, fetch, killed] = [new MemorySecrets(), fetchFrom(), new AbortController()];
  const numbers = [];
  await assert.rejects(pair(readCode(session.url), { deviceType: 'MOBILE_IOS' }, {
    url, secrets, fetch, signal: killed.signal, sleep: async () => killed.abort(new Error('killed')), onMatchNumber: number => numbers.push(number),
  }), /killed/);

  const paired = await resumePairing({ url, secrets, fetch, sleep: () => Promise.resolve(), onMatchNumber: number => { numbers.push(number); void person.confirm(session.sessionId, number); } });

  assert.equal(paired.deviceId, await secrets.get('adminportal.device'));
  assert.equal(numbers[0], numbers[1]);
  assert.equal(await resumePairing({ url, secrets, fetch }), null);
});

test('A wrong number ends the pairing with its problem', async () => {
  const person = await newPerson();
  const session = await person.code();
  const secrets = new MemorySecrets();
  const failed = pair(readCode(session.url), { deviceType: 'MOBILE_IOS' }, {
    url, secrets, fetch: fetchFrom(), sleep: () => Promise.resolve(), onMatchNumber: number => void person.confirm(session.sessionId, number === '11' ? '12' : '11').catch(() => {}),
  });
  await assert.rejects(failed, failure => failure instanceof PortalError && failure.problem === 'pairing-refused' && failure.details.reason === 'wrong-number');
  assert.equal(await secrets.get('adminportal.claim'), null);
});

test('Two devices of one person see the same; another person sees nothing', async () => {
  const person = await newPerson();
  const [phone, tablet, stranger] = [await newDevice(person), await newDevice(person), await newDevice(await newPerson())];
  const clientId = await phone.device.create('task', { title: 'Call the pharmacy' });
  await phone.device.create('focusSession', { startedAt: '2030-01-01T08:00:00Z' }, { taskClientId: clientId });
  await phone.device.update('task', clientId, { notes: 'Before noon' });
  assert.equal((await phone.device.rows('task'))[0].pending, true);

  for (const { device } of [phone, tablet, stranger]) assert.deepEqual(await device.sync(), { state: 'idle' });

  const [task] = await tablet.device.rows('task');
  assert.deepEqual([task.fields.title, task.fields.notes, task.pending], ['Call the pharmacy', 'Before noon', false]);
  assert.equal((await tablet.device.rows('focusSession'))[0].fields.taskId, task.id);
  assert.deepEqual(await shown(phone.device), await shown(tablet.device));
  assert.deepEqual(await shown(stranger.device), []);
});

test('Of two who change one field the later wins, and hears what lost; other fields merge', async () => {
  const person = await newPerson();
  const [phone, tablet] = [await newDevice(person), await newDevice(person)];
  await phone.device.create('task', { title: 'Start' });
  await phone.device.sync();
  await tablet.device.sync();
  const id = (await tablet.device.rows('task'))[0].id;
  await phone.device.update('task', id, { title: 'Phone', notes: 'Kept' });
  await tablet.device.update('task', id, { title: 'Tablet' });
  await phone.device.sync();
  await tablet.device.sync();
  await phone.device.sync();

  assert.deepEqual((await tablet.device.lost()).map(l => l.fields), [{ title: 'Phone' }]);
  assert.deepEqual(await shown(phone.device), await shown(tablet.device));
  const [row] = await phone.device.rows('task');
  assert.deepEqual([row.fields.title, row.fields.notes], ['Tablet', 'Kept']);
  await tablet.device.forget('lost', (await tablet.device.lost())[0].operation.opId);
  assert.deepEqual(await tablet.device.lost(), []);
});

test('What is rejected leaves the outbox and the screen, and holds up nothing', async () => {
  const { device } = await newDevice(await newPerson());
  await device.create('task', { title: 'Good', status: 'open' });
  await device.create('task', { title: 'Bad', status: 'whatever' });
  await device.create('task', { title: 'Also good' });
  assert.deepEqual(await device.sync(), { state: 'idle' });

  const rejected = await device.rejected();
  assert.deepEqual(rejected.map(r => [r.problem.type, r.operation.fields.title]), [['validation', 'Bad']]);
  assert.deepEqual(await device.outbox(), []);
  assert.deepEqual((await device.rows('task')).map(r => r.fields.title).sort(), ['Also good', 'Good']);
});

test('With ifVersion the app decides: a row that others changed is rejected with how it is now', async () => {
  const person = await newPerson();
  const [phone, tablet] = [await newDevice(person), await newDevice(person)];
  await phone.device.create('task', { title: 'One' });
  await phone.device.sync();
  await tablet.device.sync();
  const [row] = await tablet.device.rows('task');
  await phone.device.update('task', row.id, { title: 'Two' });
  await phone.device.sync();
  await tablet.device.update('task', row.id, { title: 'Three' }, { ifVersion: row.version });
  await tablet.device.sync();

  assert.equal((await tablet.device.rejected())[0].problem.type, 'changed');
  assert.equal((await tablet.device.rows('task'))[0].fields.title, 'Two');
});

test('A cursor of another time: rows are read anew, and the outbox is sent', async () => {
  const person = await newPerson();
  const [phone, other] = [await newDevice(person), await newDevice(await newPerson())];
  await phone.device.create('task', { title: 'One' });
  await phone.device.sync();
  await other.device.sync();
  await phone.device.create('task', { title: 'Two' });
  await phone.storage.apply(new Map([['cursor', await other.storage.get('cursor')]]));

  assert.deepEqual(await phone.device.sync(), { state: 'idle' });
  assert.deepEqual((await phone.device.rows('task')).map(r => r.fields.title).sort(), ['One', 'Two']);
});

test('429 and 503 are waited for as long as Retry-After says, and the same is sent again', async () => {
  const answers = [[503, '3'], [429, '7']];
  const [waits, bodies] = [[], []];
  const inner = fetchFrom();
  const { device } = await newDevice(await newPerson(), {
    fetch: async (path, init) => {
      if (!path.endsWith('/api/sync/push')) return inner(path, init);
      bodies.push(JSON.parse(init.body).ops);
      const [status, wait] = answers.shift() ?? [];
      return status ? new Response(JSON.stringify({ type: 'urn:adminportal:problem:busy', status, success: false }), { status, headers: { 'Retry-After': wait } }) : inner(path, init);
    },
    sleep: async ms => void waits.push(ms),
  });
  await device.create('task', { title: 'One' });
  assert.deepEqual(await device.sync(), { state: 'idle' });
  assert.ok(waits[0] >= 3_000 && waits[1] >= 7_000 && waits.length === 2, `${waits}`);
  assert.deepEqual(bodies[0], bodies[2]);
});

test('Without a portal the device works on, and waits', async () => {
  const { device } = await newDevice(await newPerson(), { sleep: () => Promise.resolve(), tries: 2 });
  const lonely = await newDevice(await newPerson(), { sleep: () => Promise.resolve(), tries: 2 });
  const away = lonely.again({ fetch: () => Promise.reject(new TypeError('no network')) });
  await away.create('task', { title: 'Offline' });
  assert.deepEqual(await away.sync(), { state: 'waiting', reason: 'away' });
  assert.equal((await away.rows('task'))[0].fields.title, 'Offline');
  assert.deepEqual(await device.sync(), { state: 'idle' });
});

for (const [told, token, rows, outbox] of [[undefined, false, 0, 1], [['token', 'rows', 'outbox'], false, 0, 0], [[], true, 1, 1]]) {
  test(`A revoked device stops, acknowledges, and wipes ${told ? told.join(', ') || 'nothing' : 'token and rows'}`, async () => {
    const person = await newPerson();
    const { device, secrets, paired } = await newDevice(person, told ? { wipeOnRevoked: told } : {});
    await device.create('task', { title: 'Sent' });
    await device.sync();
    await person.revoke(paired.deviceId);
    await device.create('task', { title: 'Waits' });

    assert.deepEqual(await device.sync(), { state: 'ended', reason: 'device-revoked' });
    assert.equal(await secrets.get('adminportal.token') !== null, token);
    assert.equal((await device.rows('task')).filter(r => !r.pending).length, rows);
    assert.equal((await device.outbox()).length, outbox);
  });
}

test('While it runs, a device hears of changes at once, and of its end', async () => {
  const person = await newPerson();
  const [phone, tablet] = [await newDevice(person), await newDevice(person, { interval: 600_000 })];
  tablet.device.start();
  await until(() => tablet.device.standing.state === 'idle');
  await phone.device.create('task', { title: 'Hello' });
  await phone.device.sync();
  await until(async () => (await tablet.device.rows('task')).length === 1);
  await person.revoke(tablet.paired.deviceId);
  await until(() => tablet.device.standing.state === 'ended');
  tablet.device.stop();
});

test('A device that runs sends each change by itself, and tells the app', async () => {
  const states = [];
  const { device } = await newDevice(await newPerson(), { interval: 600_000, onChange: standing => states.push(standing.state) });
  device.start();
  await until(() => device.standing.state === 'idle');
  await device.create('task', { title: 'Hello' });
  await until(async () => (await device.outbox()).length === 0 && device.standing.state === 'idle');
  device.stop();
  assert.ok(states.includes('syncing'));
});

test('Permissions are told, and a pairing that is young is not renewed', async () => {
  const { device } = await newDevice(await newPerson());
  assert.deepEqual((await device.permissions()).map(p => p.scope), ['WRITE_NOTES']);
  await assert.rejects(device.renew(), failure => failure.problem === 'renewal-too-early' && typeof failure.details.renewableFrom === 'string');
});
