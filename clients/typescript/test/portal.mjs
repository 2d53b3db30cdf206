// A running portal, its people and devices, for the tests. The tests of Web start the portal and say where it is.
import { Device, MemorySecrets, MemoryStorage, pair, readCode } from '../dist/index.js';

const url = process.env.PORTAL_URL;
const people = JSON.parse(process.env.PORTAL_PEOPLE ?? '[]');
let taken = 0;
let callers = 0;

/** Each caller has an address of its own, so that the limits are those of the product and nobody disturbs anybody. */
export function fetchFrom() {
  const n = ++callers + (process.pid % 200) * 200;
  const address = `10.${100 + (n >> 16 & 63)}.${n >> 8 & 255}.${n & 255}`;
  return (path, init) => fetch(path, { ...init, headers: { ...init.headers, 'X-Forwarded-For': address } });
}

async function call(fetchIt, method, path, bearer, body) {
  const headers = { ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}), ...(body ? { 'Content-Type': 'application/json' } : {}) };
  const response = await fetchIt(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** A person with an account, who answers for their devices. */
export async function newPerson() {
  const { id, email, password } = people[taken++] ?? (() => { throw new Error('Too few people: see ClientTests.cs.'); })();
  const fetchIt = fetchFrom();
  const { accessToken } = await call(fetchIt, 'POST', '/api/auth/login', null, { email, password });
  const api = (method, path, body) => call(fetchIt, method, path, accessToken, body);
  return {
    id, api,
    code: async () => (await api('POST', '/api/qr/sessions', { permissions: ['WRITE_NOTES'] })).data,
    confirm: (sessionId, matchNumber) => api('POST', `/api/qr/sessions/${sessionId}/confirm`, { matchNumber }),
    revoke: deviceId => api('DELETE', `/api/qr/pair/${deviceId}`),
  };
}

/** Pairs a new device of a person. */
export async function newDevice(person, { storage = new MemoryStorage(), fetch: fetchIt = fetchFrom(), ...more } = {}) {
  const secrets = new MemorySecrets();
  const session = await person.code();
  const paired = await pair(readCode(session.url), { deviceType: 'MOBILE_IOS', deviceName: 'Test phone' }, {
    url, secrets, fetch: fetchIt, sleep: () => new Promise(done => setTimeout(done, 50)),
    onMatchNumber: number => void person.confirm(session.sessionId, number),
  });
  const options = { url, secrets, storage, fetch: fetchIt, app: { platform: 'test', appVersion: '1.5.0' }, ...more };
  return { device: new Device(options), options, secrets, storage, paired, again: (other = {}) => new Device({ ...options, ...other }) };
}

/** What the app shows, without what a device alone knows. */
export async function shown(device) {
  const all = [...await device.rows('task'), ...await device.rows('focusSession')];
  return all.map(({ entity, id, version, fields, pending }) => ({ entity, id, version, fields, pending })).sort((a, b) => a.id < b.id ? -1 : 1);
}

export { url };
