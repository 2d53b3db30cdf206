// The /p page: makes this browser a device. The code arrives in the address' fragment, which browsers never send to a
// server; it is taken out of the address at once. Nothing is claimed before the person taps. Requests carry no cookies.
'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const kept = sessionStorage; // the token lives as long as this tab
  const sections = ['enter', 'offer', 'match', 'result'];
  let code = null; // what was scanned or typed, until it is claimed

  function show(id) {
    for (const section of sections) $(section).hidden = section !== id;
    $(id).querySelector('h1').focus();
  }

  const base64url = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const random = size => base64url(crypto.getRandomValues(new Uint8Array(size)));

  function readFragment() {
    const fragment = location.hash.slice(1);
    if (!fragment) return null;
    history.replaceState(null, '', location.pathname);
    try {
      const bytes = Uint8Array.from(atob(fragment.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
      const payload = JSON.parse(new TextDecoder().decode(bytes));
      return { qrPayload: { sessionId: payload.sessionId, pairingCode: payload.pairingCode } };
    } catch {
      return { broken: true };
    }
  }

  async function call(method, path, { body, bearer } = {}) {
    const headers = {};
    if (body) headers['Content-Type'] = 'application/json';
    if (bearer) headers.Authorization = `Bearer ${bearer}`;
    const response = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: 'omit', cache: 'no-store' });
    const answer = await response.json().catch(() => ({}));
    return { status: response.status, ok: response.ok, data: answer.data, name: (answer.type || '').split(':').pop(), problem: [answer.title, answer.detail].filter(Boolean).join(' ') || 'The portal gave no answer that this page understands.' };
  }

  function thisDevice() {
    const agent = navigator.userAgent;
    const tablet = /iPad/.test(agent) || (/Android/.test(agent) && !/Mobile/.test(agent));
    const type = tablet ? 'TABLET' : /iPhone/.test(agent) ? 'MOBILE_IOS' : /Android/.test(agent) ? 'MOBILE_ANDROID' : 'DESKTOP';
    const browser = (/(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent) || [, 'Browser'])[1].replace('Edg', 'Edge').replace('OPR', 'Opera');
    const system = (/(iPhone|iPad|Android|Windows|Mac OS X|Linux)/.exec(agent) || [, 'unknown system'])[1];
    let id = localStorage.getItem('adminportal-device-id');
    if (!id) localStorage.setItem('adminportal-device-id', id = `web-${random(12)}`);
    return { deviceId: id, deviceType: type, deviceName: `${browser} on ${system}`, platform: `${browser} (web)` };
  }

  const list = (element, scopes) => element.replaceChildren(...scopes.map(text => Object.assign(document.createElement('li'), { textContent: text })));

  function finish(title, text, { scopes = [], signOut = false, again = false } = {}) {
    $('result-title').textContent = title;
    $('result-text').textContent = text;
    list($('result-scopes'), scopes);
    $('result-state').textContent = '';
    $('sign-out').hidden = !signOut;
    $('again').hidden = !again;
    show('result');
  }

  async function preview(errors) {
    let answer;
    try {
      answer = await call('POST', '/api/qr/pair/preview', { body: code });
    } catch {
      errors.textContent = 'The portal cannot be reached. Check the connection and try again.';
      return;
    }
    if (!answer.ok) {
      if (code.qrPayload) finish('This code cannot be used', answer.problem, { again: true });
      else errors.textContent = answer.problem;
      return;
    }
    $('account').textContent = answer.data.account;
    list($('scopes'), answer.data.permissions.map(p => p.label + (p.expiresAt ? ` (until ${new Date(p.expiresAt).toLocaleString()})` : '')));
    kept.setItem('labels', JSON.stringify(answer.data.permissions.map(p => p.label)));
    code.expectedType = answer.data.deviceType;
    show('offer');
  }

  async function claim() {
    const device = thisDevice();
    if (code.expectedType) device.deviceType = code.expectedType;
    // Kept before the call: a lost reply or a reload repeats the same claim and gets the same answer.
    const claimKey = code.claimKey ||= random(32);
    const body = code.qrPayload
      ? { ...device, qrPayload: { ...code.qrPayload, deviceId: device.deviceId, deviceType: device.deviceType }, claimKey }
      : { ...device, shortCode: code.shortCode, claimKey };
    kept.setItem('claim', JSON.stringify(body));
    $('accept').disabled = true;
    $('offer-error').textContent = '';
    try {
      await sendClaim(body);
    } catch {
      $('offer-error').textContent = 'The portal cannot be reached. Tap again: nothing is done twice.';
      show('offer');
    } finally {
      $('accept').disabled = false;
    }
  }

  async function sendClaim(body) {
    const answer = await call('POST', '/api/qr/pair', { body });
    if (answer.status === 202) return wait(answer.data);
    kept.removeItem('claim');
    if (answer.status === 201) return paired(answer.data);
    finish('This code cannot be used', answer.problem, { again: true });
  }

  async function wait(pending) {
    $('number').textContent = pending.matchNumber;
    show('match');
    for (;;) {
      let answer;
      try {
        answer = await call('GET', `/api/qr/pair/${pending.sessionId}`, { bearer: pending.pollToken });
        $('match-state').textContent = 'Waiting for you to type the number…';
      } catch {
        $('match-state').textContent = 'The connection is lost. Trying again …';
      }
      if (answer && answer.status === 200) return paired(answer.data);
      if (answer && answer.status !== 202 && answer.status !== 429 && answer.status < 500) {
        kept.removeItem('claim');
        return finish('Not paired', answer.problem, { again: true });
      }
      await new Promise(done => setTimeout(done, (pending.pollIntervalSeconds || 2) * 1000));
    }
  }

  function paired(device) {
    kept.removeItem('claim');
    kept.setItem('token', device.sessionToken);
    kept.setItem('device', device.deviceId);
    const labels = JSON.parse(kept.getItem('labels') || '[]');
    finish('This browser is paired', 'It may:', { scopes: labels.length ? labels : device.permissions.map(p => p.scope), signOut: true });
  }

  async function checkToken() {
    const answer = await call('GET', '/api/qr/pair', { bearer: kept.getItem('token') });
    if (answer.ok && answer.data.length) {
      const own = answer.data[0];
      const labels = JSON.parse(kept.getItem('labels') || '[]');
      finish('This browser is paired', 'It may:', { scopes: labels.length ? labels : own.permissions.map(p => p.scope), signOut: true });
    } else if (answer.status === 401) {
      const suspended = answer.name === 'device-quarantined';
      if (suspended || answer.name === 'device-revoked') {
        // Completes the receipt that people see; without it nothing is lost here.
        call('POST', '/api/devices/me/ack', { bearer: kept.getItem('token') }).catch(() => {});
      }
      if (!suspended) kept.clear(); // a suspended browser works again once it is released
      finish(suspended ? 'This browser is suspended' : 'This browser is no longer paired', answer.problem, { again: !suspended });
    } else {
      finish('This cannot be told now', `${answer.problem} Load this page again in a while.`);
    }
  }

  async function signOut() {
    $('sign-out').disabled = true;
    try {
      await call('DELETE', `/api/qr/pair/${encodeURIComponent(kept.getItem('device'))}`, { bearer: kept.getItem('token') });
      kept.clear();
      finish('The pairing has ended', 'This browser may do nothing any more.', { again: true });
    } catch {
      $('result-state').textContent = 'The portal cannot be reached. Try again.';
    } finally {
      $('sign-out').disabled = false;
    }
  }

  $('enter-form').addEventListener('submit', event => {
    event.preventDefault();
    const typed = $('short-code').value.trim();
    $('enter-error').textContent = typed ? '' : 'Type the eight letters under the QR code.';
    if (typed) {
      code = { shortCode: typed };
      preview($('enter-error'));
    }
  });
  $('accept').addEventListener('click', claim);
  $('sign-out').addEventListener('click', signOut);
  $('again').addEventListener('click', () => { code = null; $('short-code').value = ''; show('enter'); });

  // A code scanned into the tab that is open already changes the fragment only.
  addEventListener('hashchange', () => { if (location.hash) location.reload(); });

  async function start() {
    code = readFragment();
    if (code && code.broken) return finish('This code cannot be read', 'The address was cut off or changed. Scan the code again, or type the short code.', { again: true });
    if (code) return preview($('enter-error'));
    if (kept.getItem('claim')) return sendClaim(JSON.parse(kept.getItem('claim')));
    if (kept.getItem('token')) return checkToken();
    show('enter');
  }

  start().catch(() => finish('The portal cannot be reached', 'Check the connection and open the address again.', { again: true }));
})();
