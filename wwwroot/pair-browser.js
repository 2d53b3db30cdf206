// What the /p page has of the browser it runs in: what it keeps, its name, and its calls.
'use strict';
window.pairBrowser = (() => {
  const problemType = 'urn:adminportal:problem:';

  /** Where a browser keeps nothing for this site, the page itself keeps it, as long as it is open. */
  function store(open) {
    try {
      const area = open();
      area.setItem('adminportal-try', '');
      area.removeItem('adminportal-try');
      return area;
    } catch {
      const values = new Map();
      return { isForgetful: true, getItem: name => values.get(name) ?? null, setItem: (name, value) => values.set(name, value), removeItem: name => values.delete(name) };
    }
  }

  /** As it calls itself when it is paired. */
  function describe() {
    const agent = navigator.userAgent;
    const first = names => names.find(([mark]) => mark.test(agent))?.[1];
    const iPad = /iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1); // iPadOS calls itself a Mac
    const browser = first([[/Edg(A|iOS)?\//, 'Edge'], [/OP[RT]\//, 'Opera'], [/SamsungBrowser\//, 'Samsung Internet'], [/(FxiOS|Firefox)\//, 'Firefox'],
      [/(CriOS|Chrome)\//, 'Chrome'], [/Safari\//, 'Safari']]) ?? 'Browser';
    const system = iPad ? 'iPad' : first([[/iPhone|iPod/, 'iPhone'], [/Android/, 'Android'], [/CrOS/, 'ChromeOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'Mac'], [/Linux/, 'Linux']]);
    const isTablet = iPad || (system === 'Android' && !/Mobile/.test(agent));
    const deviceType = isTablet ? 'TABLET' : system === 'iPhone' ? 'MOBILE_IOS' : system === 'Android' ? 'MOBILE_ANDROID' : 'DESKTOP';
    return { deviceType, deviceName: system ? `${browser} on ${system}` : browser, platform: `${browser} (web)` };
  }

  /** away: whoever answered, if anybody did, was not the portal in good health, so nothing follows from it. */
  async function call(method, path, { body, bearer, signal } = {}) {
    const headers = {};
    if (body) headers['Content-Type'] = 'application/json';
    if (bearer) headers.Authorization = `Bearer ${bearer}`;
    let response;
    try {
      response = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: 'omit', cache: 'no-store', signal });
    } catch {
      return { away: true, problem: 'The portal cannot be reached.' };
    }
    const answer = await response.json().catch(() => ({}));
    const { ok, status } = response;
    const name = answer.type?.startsWith(problemType) ? answer.type.slice(problemType.length) : '';
    const away = status >= 500 || status === 429 || (ok ? !('data' in answer) : !name);
    const problem = away && status !== 429 ? 'The portal cannot answer now.' : [answer.title, answer.detail].filter(Boolean).join(' ');
    return { status, ok: ok && !away, away, name, problem, data: answer.data, reason: answer.reason };
  }

  function read(area, name) {
    try {
      return JSON.parse(area.getItem(name)) ?? {};
    } catch {
      return {};
    }
  }

  const write = (area, name, value) => area.setItem(name, JSON.stringify(value));
  const shared = store(() => localStorage); // the tabs of one browser are one device
  const base64url = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const random = size => base64url(crypto.getRandomValues(new Uint8Array(size)));

  /** One device for each account: a browser that people share is a device of each of them. */
  function deviceIdOf(account, isTaken) {
    const ids = read(shared, 'adminportal-device-ids');
    if (!ids[account] || isTaken) ids[account] = (!isTaken && shared.getItem('adminportal-device-id')) || `web-${random(12)}`;
    shared.removeItem('adminportal-device-id'); // as it was when a browser had one
    write(shared, 'adminportal-device-ids', ids);
    return ids[account];
  }

  return { store, shared, read, write, random, deviceIdOf, describe, call };
})();
