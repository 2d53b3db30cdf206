// Pairs the browser that shows /pair itself. Whoever sits at it has signed in here, so nobody carries digits from one page to another.
import './pair-browser.js';

const { store, random, deviceIdOf, describe, call } = window.pairBrowser;

export const ownName = () => describe().deviceName;

/** Claims a code that this page was just given. The number that comes back is what another device would show. */
export async function claim(qrPayload, deviceName, isTaken = false) {
  const preview = await call('POST', '/api/qr/pair/preview', { body: { qrPayload } });
  if (!preview.ok) return { problem: preview.problem };
  const { deviceType, ...browser } = describe();
  const deviceId = deviceIdOf(preview.data.account, isTaken);
  const body = { ...browser, deviceId, deviceType, qrPayload: { ...qrPayload, deviceId, deviceType }, claimKey: random(32) };
  if (deviceName) body.deviceName = deviceName;
  const answer = await call('POST', '/api/qr/pair', { body });
  if (answer.name === 'device-belongs-to-another' && !isTaken) return claim(qrPayload, deviceName, true);
  return answer.status === 202 ? { matchNumber: answer.data.matchNumber, pollToken: answer.data.pollToken } : { problem: answer.problem };
}

/** Fetches the access, and keeps it where /p of this tab looks for it. Null: done; else why not. */
export async function collect(sessionId, pollToken) {
  for (let tries = 0; tries < 15; tries++) {
    const answer = await call('GET', `/api/qr/pair/${sessionId}`, { bearer: pollToken });
    if (answer.status === 200 && answer.ok) {
      const kept = store(() => sessionStorage);
      kept.setItem('token', answer.data.sessionToken);
      kept.setItem('device', answer.data.deviceId);
      kept.setItem('session', sessionId);
      return null;
    }
    if (!answer.away && answer.status !== 202) return answer.problem;
    await new Promise(done => setTimeout(done, 1000));
  }
  return 'The portal does not answer. Try again.';
}
