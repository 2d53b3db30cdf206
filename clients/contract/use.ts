// A program that uses the client that openapi-typescript and openapi-fetch make of the API's document: pair, permissions, push, pull.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/v1.js';

type Schemas = components['schemas'];
const { PORTAL_URL: baseUrl, PORTAL_EMAIL: email, PORTAL_PASSWORD: password } = process.env as Record<string, string>;
const client = (bearer?: string) => createClient<paths>({ baseUrl: baseUrl!, headers: bearer ? { Authorization: `Bearer ${bearer}` } : {} });

const signedIn = await client().POST('/api/auth/login', { body: { email: email!, password: password! } });
assert.ok(signedIn.data);
const person = client(signedIn.data.accessToken);

const session = await person.POST('/api/qr/sessions', { body: { permissions: ['WRITE_NOTES', { scope: 'VIEW_TRANSCRIPT', expiresAt: '2199-01-01T00:00:00Z' }], deviceType: 'MOBILE_IOS' } });
assert.ok(session.data);
const { sessionId, pairingCode } = session.data.data.qrPayload;
const [deviceId, deviceType] = [`ts-${Date.now()}`, 'MOBILE_IOS' as const];
const claim = await client().POST('/api/qr/pair', { body: { qrPayload: { sessionId, pairingCode, deviceId, deviceType } } });
assert.ok(claim.data && claim.data.data.status === 'pending_confirmation');
const { matchNumber, pollToken } = claim.data.data;

const wrong = await client('nothing').GET('/api/qr/pair/{id}', { params: { path: { id: sessionId } } });
assert.equal(wrong.error?.type, 'urn:adminportal:problem:token-unknown');

const confirmed = await person.POST('/api/qr/sessions/{id}/confirm', { params: { path: { id: sessionId } }, body: { matchNumber } });
assert.equal(confirmed.data?.data.state, 'confirmed');
const collected = await client(pollToken).GET('/api/qr/pair/{id}', { params: { path: { id: sessionId } } });
assert.ok(collected.data && collected.data.data.status === 'paired');
const token: string = collected.data.data.sessionToken;
const scopes: Schemas['PermissionScope'][] = collected.data.data.permissions.map(p => p.scope);
assert.deepEqual([...scopes].sort(), ['VIEW_TRANSCRIPT', 'WRITE_NOTES']);

const device = client(token);
const changed = await person.POST('/api/qr/permissions', { body: { deviceId, permissions: ['WRITE_NOTES'] } });
assert.deepEqual(changed.data?.data.permissions.map(p => p.scope), ['WRITE_NOTES']);
const asked = await device.POST('/api/qr/permissions/requests', { body: { permissions: ['VIEW_TRANSCRIPT'] } });
assert.equal(asked.data?.data.requests[0]?.state, 'open');

const registered = await device.PUT('/api/devices/me', { body: { platform: 'node', appVersion: '1.0', schemaVersion: 1 } });
assert.equal(registered.data?.data.maySync, true);
const ops: Schemas['PushOperation'][] = [
  { opId: `${deviceId}-1`, entity: 'task', op: 'create', clientId: `${deviceId}-t`, fields: { title: 'Typed', status: 'open' } },
  { opId: `${deviceId}-2`, entity: 'focusSession', op: 'create', clientId: `${deviceId}-f`, taskClientId: `${deviceId}-t`, fields: { startedAt: '2030-01-01T08:00:00Z' } },
  { opId: `${deviceId}-3`, entity: 'task', op: 'update', clientId: `${deviceId}-t`, fields: { status: 'done' } },
];
const pushed = await device.POST('/api/sync/push', { body: { schemaVersion: 1, ops } });
assert.ok(pushed.data);
for (const { status } of pushed.data.data.results) assert.equal(status, 'applied');

const pulled = await device.GET('/api/sync/pull', { params: { query: { limit: 100 } } });
assert.ok(pulled.data && typeof pulled.data !== 'string');
const head: number = pulled.data.data.head;
assert.ok(head > 0);
const titles: string[] = [];
for (const change of pulled.data.data.changes) {
  if (change.entity === 'task' && change.fields) titles.push(`${change.fields.title} ${change.fields.status}`);
  if (change.entity === 'focusSession' && change.fields) titles.push(change.fields.startedAt);
}
assert.deepEqual(titles.sort(), ['2030-01-01T08:00:00Z', 'Typed done']);

const ended = await device.DELETE('/api/qr/pair/{id}', { params: { path: { id: deviceId } } });
assert.equal(ended.data?.data.alreadyEnded, false);
const after = await device.GET('/api/sync/pull');
assert.equal(after.error?.type, 'urn:adminportal:problem:device-revoked');

// What the document rules out does not compile.
// @ts-expect-error a status that there is none of
if (pushed.data.data.results[0]?.status === 'aplied') throw new Error();
// @ts-expect-error an entity without a field of that name
export const noField: Schemas['PushOperation'] = { opId: '1', entity: 'task', op: 'create', clientId: 'c', fields: { title: 'x', startedAt: '2030-01-01T08:00:00Z' } };
// @ts-expect-error a create without clientId
export const noClientId: Schemas['PushOperation'] = { opId: '1', entity: 'task', op: 'create', fields: { title: 'x' } };
// @ts-expect-error a problem that this call does not have
if (pushed.error?.type === 'urn:adminportal:problem:code-expired') throw new Error();
console.log('done');
