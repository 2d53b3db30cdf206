import { listen, pause, type Mark } from './events.js';
import { AwayError, backOff, Http, isPassing, PortalError, type HttpOptions } from './http.js';
import { newId } from './ids.js';
import { TOKEN } from './pairing.js';
import { State, type Lost, type Rejected } from './state.js';
import type { DeviceStorage, Fields, Operation, Permission, Result, Row, SecretStore } from './types.js';

export type { Lost, Rejected } from './state.js';

/**
 * idle: everything is sent and read. waiting: it will be tried again. update-required: the app is too old. portal-outdated: the portal
 * is. other-person: the device was paired with somebody else, call `startOver`. ended: the pairing is over, see `reason`.
 */
export interface Standing {
  state: 'idle' | 'syncing' | 'waiting' | 'update-required' | 'portal-outdated' | 'other-person' | 'ended';
  reason?: string;
  minVersion?: string;
}

export interface DeviceOptions extends HttpOptions {
  storage: DeviceStorage;
  secrets: SecretStore;
  app: { platform: string; appVersion: string; osVersion?: string; pushToken?: string; schemaVersion?: number };
  /** Told whenever the standing or the rows change. */
  onChange?: (standing: Standing) => void;
  /** What goes when the pairing was ended for good; the token and the rows if absent. A quarantine can be lifted and wipes nothing. */
  wipeOnRevoked?: readonly ('token' | 'rows' | 'outbox')[];
  /** Tries of one call before `sync` gives up; 5 if absent. */
  tries?: number;
  /** Milliseconds between two readings when nothing tells of changes; a minute if absent. */
  interval?: number;
}

const ENDS = ['device-revoked', 'device-expired', 'token-unknown', 'device-quarantined'];
const MOST = 100, MOST_BYTES = 400_000;

/** A paired device: works offline, and reconciles. One at a time on a storage. */
export class Device {
  readonly #http: Http;
  readonly #state: State;
  #most = MOST;
  #standing: Standing = { state: 'idle' };
  #running: Promise<Standing> | undefined;
  #again = false;
  #stop: AbortController | undefined;
  #wake: (() => void) | undefined;
  #wanted = false;

  constructor(private readonly options: DeviceOptions) {
    this.#http = new Http(options);
    this.#state = new State(options.storage);
  }

  get standing(): Standing {
    return this.#standing;
  }

  rows = (entity: string): Promise<Row[]> => this.#state.rows(entity);

  /** What waits to be sent, oldest first. */
  outbox = (): Promise<Operation[]> => this.#state.outbox();

  /** What can never be applied as it was; show it, then `forget` it. */
  rejected = (): Promise<Rejected[]> => this.#state.rejected();

  /** Values that lost a conflict with what this device did; tell the person if it matters, then `forget` them. */
  lost = (): Promise<Lost[]> => this.#state.lost();

  forget = (kind: 'rejected' | 'lost', opId: string): Promise<void> => this.#state.forget(kind, opId);

  /** Makes a row; its clientId, by which it can be changed at once. */
  async create(entity: string, fields: Fields, more: { clientId?: string; taskClientId?: string } = {}): Promise<string> {
    const { clientId = newId(), ...rest } = more;
    await this.#write({ opId: newId(), entity, op: 'create', fields, ...rest }, clientId);
    return clientId;
  }

  /** Changes the fields that are named. `target`: id or clientId. With `ifVersion` the app decides itself about what others did. */
  update = (entity: string, target: string, fields: Fields, more: { ifVersion?: number } = {}): Promise<void> =>
    this.#write({ opId: newId(), entity, op: 'update', fields, ...more }, target);

  remove = (entity: string, target: string): Promise<void> => this.#write({ opId: newId(), entity, op: 'delete' }, target);

  /** Sends everything, then reads everything. Never throws for what the portal or the network does: see the standing. */
  sync(): Promise<Standing> {
    this.#again = this.#running !== undefined;
    return this.#running ??= this.#rounds().finally(() => { this.#running = undefined; });
  }

  /** Syncs now, after each change, when the portal says that there is something, and every now and then; until `stop`. */
  start(): void {
    if (this.#stop) return;
    this.#stop = new AbortController();
    void this.#loop(this.#stop.signal);
    void this.#listen(this.#stop.signal);
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#wake?.();
  }

  /** After `pair` with another person, or when the person decided that everything here may go. */
  async startOver(): Promise<Standing> {
    await this.#state.wipe(true);
    await this.options.storage.apply(new Map([['registered', undefined]]));
    return this.sync();
  }

  /** What the device may do. */
  async permissions(): Promise<Permission[]> {
    return (await this.#http.call('GET', '/api/qr/pair', await this.#token())).data[0]?.permissions ?? [];
  }

  /** Lets the pairing go on; until when. */
  async renew(): Promise<string> {
    return (await this.#http.call('POST', '/api/devices/me/renew', await this.#token())).data.expiresAt;
  }

  async #write(operation: Parameters<State['add']>[0], target: string): Promise<void> {
    await this.#state.add(operation, target);
    this.options.onChange?.(this.#standing);
    this.#want();
  }

  async #rounds(): Promise<Standing> {
    this.#tell({ state: 'syncing' });
    try {
      do {
        this.#again = false;
        await this.#register();
        await this.#push();
        await this.#pull();
      } while (this.#again);
      return this.#tell({ state: 'idle' });
    } catch (failure) {
      return this.#refused(failure);
    }
  }

  /** Before the first push, and after every update of the app. */
  async #register(): Promise<void> {
    const { platform, osVersion, appVersion, pushToken, schemaVersion = 1 } = this.options.app;
    const facts = JSON.stringify({ platform, osVersion, appVersion, pushToken, schemaVersion });
    if (await this.options.storage.get('registered') === facts) return;
    await this.#call('PUT', '/api/devices/me', JSON.parse(facts));
    await this.options.storage.apply(new Map([['registered', facts]]));
  }

  async #push(): Promise<void> {
    let after = 0; // what waits for another row's arrival is behind us
    for (;;) {
      const all = await this.#state.outbox();
      const waiting = all.filter(operation => operation.seq > after);
      if (waiting.length === 0) return;
      const ops = this.#batch(waiting);
      const state = { pending: all.length - ops.length, oldestPendingAt: null, rejected: (await this.#state.rejected()).length };
      let results: Result[];
      try {
        results = (await this.#call('POST', '/api/sync/push', { schemaVersion: this.options.app.schemaVersion ?? 1, sentAt: new Date().toISOString(), state, ops })).results;
      } catch (failure) {
        if (!(failure instanceof PortalError && failure.problem === 'batch-too-large' && ops.length > 1)) throw failure;
        this.#most = Math.ceil(ops.length / 2);
        continue;
      }
      const told = await this.#state.applyResults(ops, results);
      if (told.waiting > 0) after = ops.at(-1)!.seq;
      this.options.onChange?.(this.#standing);
    }
  }

  #batch(waiting: Operation[]): Operation[] {
    let [count, bytes] = [0, 0];
    while (count < Math.min(this.#most, waiting.length)) {
      bytes += 3 * JSON.stringify(waiting[count]).length; // a character has at most three bytes
      if (count > 0 && bytes > MOST_BYTES) break;
      count++;
    }
    return waiting.slice(0, count);
  }

  /** To the page that is empty: it tells the portal that everything has arrived. */
  async #pull(): Promise<void> {
    for (;;) {
      const cursor = await this.#state.cursor();
      try {
        const page = await this.#call('GET', `/api/sync/pull?limit=500${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}&schemaVersion=${this.options.app.schemaVersion ?? 1}`);
        if (page.changes.length > 0 || page.cursor !== cursor) await this.#state.applyPage(page.changes, page.cursor);
        if (page.changes.length > 0) this.options.onChange?.(this.#standing);
        if (page.changes.length === 0 && !page.hasMore && cursor !== undefined) return;
      } catch (failure) {
        if (!(failure instanceof PortalError && (failure.problem === 'cursor-reset' || failure.problem === 'cursor-expired'))) throw failure;
        await this.#state.wipe(false); // the outbox stays
      }
    }
  }

  async #call(method: string, path: string, body?: unknown): Promise<any> {
    for (let attempt = 0; ; attempt++) {
      try {
        return (await this.#http.call(method, path, await this.#token(), body)).data;
      } catch (failure) {
        if (failure instanceof PortalError && failure.problem === 'device-not-registered' && attempt === 0) {
          await this.options.storage.apply(new Map([['registered', undefined]]));
          await this.#register();
          continue;
        }
        const isLast = attempt + 1 >= (this.options.tries ?? 5) || (failure instanceof PortalError && failure.problem === 'portal-outdated');
        if (!isPassing(failure) || isLast) throw failure;
        await this.#http.sleep(backOff(attempt, failure), this.#stop?.signal);
      }
    }
  }

  async #token(): Promise<string> {
    const token = await this.options.secrets.get(TOKEN);
    if (token === null) throw new PortalError(401, 'token-unknown', { detail: 'This device is not paired.' });
    return token;
  }

  async #refused(failure: unknown): Promise<Standing> {
    if (failure instanceof AwayError) return this.#tell({ state: 'waiting', reason: 'away' });
    if (!(failure instanceof PortalError)) throw failure;
    if (ENDS.includes(failure.problem)) return this.#end(failure.problem);
    switch (failure.problem) {
      case 'app-version-unsupported':
        await this.#report(failure.problem);
        return this.#tell({ state: 'update-required', ...(typeof failure.details.minVersion === 'string' ? { minVersion: failure.details.minVersion } : {}) });
      case 'portal-outdated':
        return this.#tell({ state: 'portal-outdated' });
      case 'device-not-yours':
        return this.#tell({ state: 'other-person' });
      default:
        return this.#tell({ state: 'waiting', reason: failure.problem || String(failure.status) });
    }
  }

  /** Acknowledges the end, and wipes what it was told to. */
  async #end(reason: string): Promise<Standing> {
    const token = await this.options.secrets.get(TOKEN);
    if (token !== null && (reason === 'device-revoked' || reason === 'device-quarantined')) {
      await this.#http.call('POST', '/api/devices/me/ack', token).catch(() => {}); // a courtesy: the end holds without it
    }
    if (reason === 'device-revoked') {
      const wiped = this.options.wipeOnRevoked ?? ['token', 'rows'];
      if (wiped.includes('rows') || wiped.includes('outbox')) await this.#state.wipe(wiped.includes('outbox'));
      if (wiped.includes('token')) await this.options.secrets.remove(TOKEN);
    }
    return this.#tell({ state: 'ended', reason });
  }

  /** Support hears of a device that cannot sync. */
  async #report(problem: string): Promise<void> {
    const state = { pending: (await this.#state.outbox()).length, oldestPendingAt: null, rejected: (await this.#state.rejected()).length };
    await this.#http.call('POST', '/api/sync/report', await this.#token(), { sentAt: new Date().toISOString(), state, appVersion: this.options.app.appVersion, problem }).catch(() => {});
  }

  #tell(standing: Standing): Standing {
    this.#standing = standing;
    this.options.onChange?.(standing);
    return standing;
  }

  async #loop(signal: AbortSignal): Promise<void> {
    for (let failed = 0; !signal.aborted;) {
      const { state } = await this.sync().catch((): Standing => this.#tell({ state: 'waiting', reason: 'storage' }));
      if (state === 'ended' || state === 'other-person') return;
      failed = state === 'idle' ? 0 : failed + 1;
      if (failed > 0) await this.#http.sleep(backOff(failed + 2, null), signal);
      else if (!this.#wanted) {
        const waiting = new AbortController();
        this.#wake = () => waiting.abort();
        await this.#http.sleep(this.options.interval ?? 60_000, waiting.signal);
      }
      this.#wanted = false;
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const mark: Mark = { id: null, retry: 1_000 };
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        for await (const event of listen(this.#http, await this.#token(), mark, signal)) {
          if ('refused' in event) {
            if (event.refused !== 401) break;
            this.#want(); // the next call hears why
            return;
          }
          attempt = 0;
          if (event.type !== 'ping' && event.type !== 'moved') this.#want();
        }
      } catch {
        // away; the loop reads every now and then in any case
      }
      await this.#http.sleep(pause(mark, attempt), signal);
    }
  }

  /** There is something to send or to read. */
  #want(): void {
    this.#again = this.#running !== undefined;
    this.#wanted = true;
    this.#wake?.();
  }
}
