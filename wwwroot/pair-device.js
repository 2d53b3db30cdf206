// The /p page: makes this browser a device. The code arrives in the address' fragment, which browsers never send to a
// server; it is taken out of the address at once. Nothing is claimed before the person taps. Requests carry no cookies.
'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const sections = ['enter', 'offer', 'match', 'result'];
  const own = ['token', 'device', 'session', 'code']; // what this page keeps
  const ended = ['device-revoked', 'device-expired', 'token-unknown'];
  const { store, shared, read, write, random, deviceIdOf, describe, call } = window.pairBrowser;
  const kept = store(() => sessionStorage); // the token lives as long as this tab
  const labels = Object.fromEntries([...document.querySelectorAll('#scope-labels li')].map(label => [label.dataset.scope, label.textContent]));
  const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));
  let code = null; // what was scanned or typed, until it is claimed
  let waitingFor = null; // the session whose number is shown
  let retry = null; // what the button of a result tries again
  let listening = null;
  let asking = null;

  const forget = () => own.forEach(name => kept.removeItem(name));

  function show(id, lead = true) {
    for (const section of sections) $(section).hidden = section !== id;
    if (lead) $(id).querySelector('h1').focus();
  }

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

  const keyOf = given => given.qrPayload?.sessionId ?? given.shortCode.replace(/[^a-z]/gi, '').toUpperCase();

  /** What this browser claims in any of its tabs, for the ten minutes that a claim lives. */
  function claims(change = () => {}) {
    const all = read(shared, 'adminportal-claims');
    for (const [key, { at }] of Object.entries(all)) if (!(Date.now() - at < 600000)) delete all[key];
    change(all);
    write(shared, 'adminportal-claims', all);
    return all;
  }

  const list = (element, texts) => element.replaceChildren(...texts.map(text => Object.assign(document.createElement('li'), { textContent: text })));
  const wordsOf = permissions => permissions.map(p => (labels[p.scope] ?? p.scope) + (p.expiresAt ? ` (until ${new Date(p.expiresAt).toLocaleString()})` : ''));

  function finish(title, text, { scopes = [], signOut = false, again = null, note = '' } = {}) {
    const isNew = $('result').hidden || $('result-title').textContent !== title;
    $('result-title').textContent = title;
    $('result-text').textContent = text;
    $('result-note').textContent = note;
    list($('result-scopes'), scopes);
    $('result-state').textContent = '';
    $('sign-out').hidden = !signOut;
    $('again').hidden = !again;
    retry = again;
    show('result', isNew);
  }

  function enter(error = '') {
    code = null;
    kept.removeItem('code');
    $('enter-error').textContent = error;
    show('enter', !error);
    if (error) $('short-code').focus();
  }

  /** With a code that was scanned, typed, or kept over a reload. */
  async function begin(given) {
    code = given;
    write(kept, 'code', code);
    const claimed = claims()[keyOf(code)];
    if (claimed) return sendClaim(claimed.body); // by this tab or another one of this browser
    const { qrPayload, shortCode } = code;
    const answer = await call('POST', '/api/qr/pair/preview', { body: { qrPayload, shortCode } });
    if (!answer.ok) {
      if (!qrPayload) return enter(answer.away ? `${answer.problem} Try again.` : answer.problem);
      if (answer.away) return finish('The portal cannot be reached', `${answer.problem} Check the connection and try again.`, { again: () => begin(given) });
      if (answer.name === 'code-used' && await askTabs(qrPayload.sessionId)) return;
      kept.removeItem('code');
      return finish('This code cannot be used', answer.problem, { again: enter });
    }
    $('account').textContent = code.account = answer.data.account;
    code.expectedType = answer.data.deviceType;
    list($('scopes'), wordsOf(answer.data.permissions));
    show('offer');
  }

  async function claim() {
    $('accept').disabled = true;
    $('offer-error').textContent = '';
    await sendClaim(claimBody(false));
    $('accept').disabled = false;
  }

  /** Kept before the call: a lost reply, a reload or another tab repeats the same claim and gets the same answer. */
  function claimBody(isTaken) {
    const key = keyOf(code);
    return claims(all => {
      if (all[key] && !isTaken) return;
      const device = { ...describe(), deviceId: deviceIdOf(code.account, isTaken) };
      if (code.expectedType) device.deviceType = code.expectedType;
      const { deviceId, deviceType } = device;
      const secret = code.qrPayload ? { qrPayload: { ...code.qrPayload, deviceId, deviceType } } : { shortCode: code.shortCode };
      all[key] = { at: Date.now(), body: { ...device, ...secret, claimKey: random(32) } };
    })[key].body;
  }

  const forgetClaim = () => code && claims(all => { delete all[keyOf(code)]; });

  async function sendClaim(body, isSecond = false) {
    const answer = await call('POST', '/api/qr/pair', { body });
    if (answer.away && !$('offer').hidden) {
      $('offer-error').textContent = `${answer.problem} Tap again in a while: nothing is done twice.`;
      return;
    }
    if (answer.away) return finish('The portal cannot be reached', `${answer.problem} Nothing is lost.`, { again: () => sendClaim(body) });
    if (answer.status === 202) return wait(answer.data);
    if (answer.status === 201) return paired(answer.data, keyOf(code));
    forgetClaim();
    if (answer.name === 'device-belongs-to-another' && code.account && !isSecond) return sendClaim(claimBody(true), true);
    kept.removeItem('code');
    finish('This code cannot be used', answer.problem, { again: enter });
  }

  async function wait(pending) {
    waitingFor = pending.sessionId;
    $('number').textContent = pending.matchNumber;
    show('match');
    while (waitingFor === pending.sessionId) {
      const answer = await call('GET', `/api/qr/pair/${pending.sessionId}`, { bearer: pending.pollToken });
      if (waitingFor !== pending.sessionId) return; // another tab had the token
      $('match-state').textContent = answer.away ? 'The connection is lost. Trying again …' : 'Waiting for you to type the number…';
      if (answer.status === 200 && answer.ok) return paired(answer.data, pending.sessionId);
      if (!answer.away && answer.status !== 202) return notPaired(answer, pending);
      await pause((pending.pollIntervalSeconds || 2) * 1000);
    }
  }

  async function notPaired(answer, pending) {
    if (answer.name === 'code-used' && await askTabs(pending.sessionId)) return;
    waitingFor = null;
    forgetClaim();
    kept.removeItem('code');
    const text = answer.reason === 'wrong-number' ? `The number typed in the portal was not ${pending.matchNumber}. Nothing was paired.` : answer.problem;
    finish('Not paired', text, { again: enter });
  }

  function paired(device, session, isFirst = true) {
    waitingFor = null;
    forgetClaim();
    kept.removeItem('code');
    kept.setItem('token', device.sessionToken);
    kept.setItem('device', device.deviceId);
    kept.setItem('session', session);
    if (isFirst) tabs?.postMessage({ session, device });
    if (!isFirst) return check();
    showPaired(device.permissions);
    listen();
  }

  function showPaired(permissions) {
    const note = kept.isForgetful
      ? 'This browser keeps nothing for this site, so the pairing is lost when the page is closed or loaded again. Allow storage for this site to keep it.' : '';
    finish('This browser is paired', permissions.length ? 'It may:' : 'It may do nothing at the moment.', { scopes: wordsOf(permissions), signOut: true, note });
  }

  // The tabs of this browser hand each other the token, which the portal tells once.
  const tabs = window.BroadcastChannel && new BroadcastChannel('adminportal-pairing');
  tabs?.addEventListener('message', ({ data }) => {
    if (data.device && data.session === waitingFor) paired(data.device, data.session, false);
    if (!data.ask || data.ask !== kept.getItem('session') || !kept.getItem('token')) return;
    tabs.postMessage({ session: data.ask, device: { sessionToken: kept.getItem('token'), deviceId: kept.getItem('device') } });
  });

  /** True: another tab had the token of this session. */
  async function askTabs(session) {
    waitingFor = session;
    tabs?.postMessage({ ask: session });
    for (let tries = 0; tries < 10 && waitingFor === session; tries++) await pause(100);
    if (waitingFor !== session) return true;
    waitingFor = null;
    return false;
  }

  /** What the portal says of this browser now. Only the portal's own word ends the pairing; anything else waits. */
  async function check() {
    const token = kept.getItem('token');
    const { signal } = asking = new AbortController();
    const answer = await call('GET', '/api/qr/pair', { bearer: token, signal });
    if (signal.aborted || !token || kept.getItem('token') !== token) return;
    const suspended = answer.name === 'device-quarantined';
    if (answer.ok && answer.data.length) {
      showPaired(answer.data[0].permissions);
      listening ?? listen();
    } else if (answer.status === 401 && (suspended || ended.includes(answer.name))) {
      listening?.abort();
      listening = null;
      // Completes the receipt that people see; without it nothing is lost here.
      if (suspended || answer.name === 'device-revoked') call('POST', '/api/devices/me/ack', { bearer: token });
      if (!suspended) forget();
      finish(suspended ? 'This browser is quarantined' : 'This browser is no longer paired', answer.problem, { again: suspended ? null : enter });
      if (suspended) setTimeout(check, 30000); // it works again once it is released
    } else {
      if ($('sign-out').hidden) finish(answer.status ? 'The portal cannot answer now' : 'The portal cannot be reached', 'The pairing is kept. Trying again …');
      else $('result-state').textContent = 'The connection is lost. Trying again …';
      setTimeout(check, 3000);
    }
  }

  /** Hears at once what changes, and asks what it is. */
  async function listen() {
    listening?.abort();
    const { signal } = listening = new AbortController();
    while (!signal.aborted) {
      try {
        const response = await fetch('/api/devices/me/events', { headers: { Authorization: `Bearer ${kept.getItem('token')}` }, credentials: 'omit', cache: 'no-store', signal });
        if (response.status === 401) {
          listening = null;
          return check();
        }
        const events = response.ok && response.body.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        for (let part = events && await events.read(); part && !part.done; part = await events.read()) {
          const lines = (text + part.value).split('\n');
          text = lines.pop();
          if (!signal.aborted && lines.some(line => line.startsWith('event:') && !['ping', 'changed'].includes(line.slice(6).trim()))) check();
        }
      } catch { /* the connection is lost, or was closed here */ }
      if (!signal.aborted) await pause(5000);
    }
  }

  async function signOut() {
    $('sign-out').disabled = true;
    listening?.abort(); // or its word of the end comes first
    listening = null;
    asking?.abort(); // or it is answered by 401
    const answer = await call('DELETE', `/api/qr/pair/${encodeURIComponent(kept.getItem('device'))}`, { bearer: kept.getItem('token') });
    $('sign-out').disabled = false;
    if (answer.ok) {
      forget();
      return finish('The pairing has ended', 'This browser may do nothing any more.', { again: enter });
    }
    $('result-state').textContent = `${answer.problem} Nothing was ended; try again.`;
    answer.away ? listen() : check();
  }

  $('enter-form').addEventListener('submit', event => {
    event.preventDefault();
    const typed = $('short-code').value.trim();
    $('enter-error').textContent = typed ? '' : 'Type the eight letters under the QR code.';
    if (typed) begin({ shortCode: typed });
  });
  $('accept').addEventListener('click', claim);
  $('sign-out').addEventListener('click', signOut);
  $('again').addEventListener('click', () => {
    $('short-code').value = '';
    retry();
  });

  // A code scanned into the tab that is open already changes the fragment only.
  addEventListener('hashchange', () => { if (location.hash) location.reload(); });

  const scanned = readFragment();
  const given = scanned ?? read(kept, 'code');
  if (given.broken) finish('This code cannot be read', 'The address was cut off or changed. Scan the code again, or type the short code.', { again: enter });
  else if (given.qrPayload || given.shortCode) begin(given);
  else if (kept.getItem('token')) check();
  else enter();
})();
