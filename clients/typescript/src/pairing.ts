import { backOff, Http, isPassing, PortalError, type HttpOptions } from './http.js';
import { newId, random } from './ids.js';
import type { Permission, SecretStore } from './types.js';

export type DeviceType = 'DESKTOP' | 'MOBILE_IOS' | 'MOBILE_ANDROID' | 'TABLET';

/** What the app says of the device that it runs on. */
export interface DeviceFacts {
  deviceType: DeviceType;
  deviceName?: string;
  platform?: string;
  osVersion?: string;
  appVersion?: string;
}

export interface Paired {
  deviceId: string;
  expiresAt: string;
  permissions: Permission[];
}

export interface PairingOptions extends HttpOptions {
  secrets: SecretStore;
  signal?: AbortSignal;
  /** Show these two digits: the person types them in the portal. */
  onMatchNumber?: (matchNumber: string, expiresAt: string) => void;
}

export const TOKEN = 'adminportal.token', DEVICE = 'adminportal.device';
const CLAIM = 'adminportal.claim';

export type Code = { qrPayload: { sessionId: string; pairingCode: string } } | { shortCode: string };

/** What was scanned (the code's link or its JSON), or the short code that was typed; null: none of these. */
export function readCode(text: string): Code | null {
  const given = text.trim();
  try {
    const at = given.indexOf('#');
    const json = given.startsWith('{') ? given : at >= 0 ? atob(given.slice(at + 1).replaceAll('-', '+').replaceAll('_', '/')) : null;
    if (json !== null) {
      const { sessionId, pairingCode } = JSON.parse(json);
      return typeof sessionId === 'string' && typeof pairingCode === 'string' ? { qrPayload: { sessionId, pairingCode } } : null;
    }
  } catch {
    return null;
  }
  return /^[a-z]{4}[-\s]?[a-z]{4}$/i.test(given) ? { shortCode: given } : null;
}

/** Whose account a code belongs to and what it would allow. Claims nothing. */
export async function preview(code: Code, options: HttpOptions): Promise<{ account: string; permissions: { scope: string; label: string; expiresAt: string | null }[]; deviceType: DeviceType | null; expiresAt: string }> {
  return (await new Http(options).call('POST', '/api/qr/pair/preview', null, code)).data;
}

/**
 * Claims a code, waits until its person has confirmed, and puts the token into the secure store. The claim is kept there before it is
 * sent, so an app that dies in the middle goes on with `resumePairing`.
 */
export async function pair(code: Code, facts: DeviceFacts, options: PairingOptions): Promise<Paired> {
  const deviceId = await options.secrets.get(DEVICE) ?? newId();
  await options.secrets.set(DEVICE, deviceId);
  const device = { deviceId, deviceType: facts.deviceType };
  const claim = { ...facts, ...device, claimKey: random(32), ...('qrPayload' in code ? { qrPayload: { ...code.qrPayload, ...device } } : code) };
  await options.secrets.set(CLAIM, JSON.stringify(claim));
  return finish(claim, options);
}

/** Goes on with a pairing that the app died in; null: there is none. */
export async function resumePairing(options: PairingOptions): Promise<Paired | null> {
  const kept = await options.secrets.get(CLAIM);
  return kept === null ? null : finish(JSON.parse(kept), options);
}

async function finish(claim: unknown, options: PairingOptions): Promise<Paired> {
  const http = new Http(options);
  try {
    const claimed = await until(http, options, () => http.call('POST', '/api/qr/pair', null, claim));
    let answer = claimed;
    if (claimed.status === 202) options.onMatchNumber?.(claimed.data.matchNumber, claimed.data.expiresAt);
    while (answer.status === 202) {
      await http.sleep((answer.data.pollIntervalSeconds ?? 2) * 1000, options.signal);
      answer = await until(http, options, () => http.call('GET', `/api/qr/pair/${claimed.data.sessionId}`, claimed.data.pollToken));
    }
    const { sessionToken, deviceId, expiresAt, permissions } = answer.data;
    await options.secrets.set(TOKEN, sessionToken);
    await options.secrets.remove(CLAIM);
    return { deviceId, expiresAt, permissions };
  } catch (failure) {
    if (failure instanceof PortalError && !isPassing(failure)) await options.secrets.remove(CLAIM); // it is over
    throw failure;
  }
}

async function until<T>(http: Http, options: PairingOptions, call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    if (options.signal?.aborted) throw options.signal.reason;
    try {
      return await call();
    } catch (failure) {
      if (!isPassing(failure)) throw failure;
      await http.sleep(Math.min(10_000, backOff(attempt, failure)), options.signal);
    }
  }
}
