import type { Change, DeviceStorage, Fields, Operation, Result, Row } from './types.js';

/** An operation that was rejected, with the portal's reason; it waits for the app, not for the portal. */
export interface Rejected {
  operation: Operation;
  problem: { type: string; detail: string };
}

/** Values that lost: the others' that this device overwrote, or with `deleted` its own. */
export interface Lost {
  operation: Operation;
  fields: Fields;
  deleted: boolean;
}

interface Kept { id: string; clientId: string | null; version: number; fields: Fields }

const CURSOR = 'cursor', NEXT = 'next';
const rowKey = (entity: string, id: string) => `row/${entity}/${id}`;
const outKey = (seq: number) => `out/${String(seq).padStart(12, '0')}`;

/** What the device keeps, and how answers change it. One change at a time, each in one piece of the storage. */
export class State {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly storage: DeviceStorage) {}

  cursor = (): Promise<string | undefined> => this.storage.get(CURSOR);

  async outbox(): Promise<Operation[]> {
    return (await this.storage.list('out/')).map(([, value]) => JSON.parse(value));
  }

  rejected = async (): Promise<Rejected[]> => (await this.storage.list('rejected/')).map(([, value]) => JSON.parse(value));

  lost = async (): Promise<Lost[]> => (await this.storage.list('lost/')).map(([, value]) => JSON.parse(value));

  forget = (kind: 'rejected' | 'lost', opId: string): Promise<void> => this.#alone(set => set(`${kind}/${opId}`, undefined));

  /** Rows of an entity as the app shows them. */
  async rows(entity: string): Promise<Row[]> {
    const prefix = `row/${entity}/`;
    return this.#alone(async () => {
      const kept = (await this.storage.list(prefix)).map(([, value]) => JSON.parse(value) as Kept);
      const rows = new Map(kept.map(row => [row.id, { entity, ...row, pending: false } as Row]));
      const ids = new Map((await this.storage.list('id/')).map(([key, id]) => [key.slice(3), id]));
      for (const operation of await this.outbox()) {
        if (operation.entity !== entity) continue;
        const id = operation.op !== 'create' && operation.id ? operation.id : ids.get(operation.clientId ?? '') ?? operation.id ?? operation.clientId!;
        if (operation.op === 'delete') rows.delete(id);
        else {
          const before = rows.get(id);
          if (before || operation.op === 'create') {
            rows.set(id, { entity, id, clientId: before?.clientId ?? operation.clientId ?? null, version: before?.version ?? 0, fields: { ...before?.fields, ...operation.fields }, pending: true });
          }
        }
      }
      return [...rows.values()];
    });
  }

  /** Writes an operation into the outbox. `target`: the row's id, or the clientId it was created under. */
  add(operation: Omit<Operation, 'seq' | 'id' | 'clientId'>, target: string): Promise<Operation> {
    return this.#alone(async set => {
      const seq = Number(await this.storage.get(NEXT) ?? 1);
      const made: Operation = { ...operation, seq };
      if (operation.op === 'create') {
        made.clientId = target;
        if (await this.storage.get(`made/${target}`) !== undefined) throw new Error('This clientId was used before.');
        set(`made/${target}`, operation.entity);
      } else {
        const id = await this.storage.get(`id/${target}`);
        if (id === undefined && await this.storage.get(`made/${target}`) !== undefined) made.clientId = target;
        else {
          made.id = id ?? target;
          const row = await this.storage.get(rowKey(operation.entity, made.id));
          if (row !== undefined && made.ifVersion === undefined) made.baseVersion = (JSON.parse(row) as Kept).version;
        }
      }
      set(NEXT, String(seq + 1));
      set(outKey(seq), JSON.stringify(made));
      return made;
    });
  }

  /** The results of a push and the shorter outbox. */
  applyResults(sent: Operation[], results: Result[]): Promise<{ waiting: number; rejected: number; lost: number }> {
    return this.#alone(async set => {
      const byId = new Map(results.map((result, i) => [result.index === undefined ? result.opId : sent[result.index]?.opId ?? String(i), result]));
      const counts = { waiting: 0, rejected: 0, lost: 0 };
      const rows = new Map<string, Kept | null>();
      for (const operation of sent) {
        const result = byId.get(operation.opId);
        const key = outKey(operation.seq);
        if (await this.storage.get(key) === undefined) continue; // answered before
        if (!result || (result.status === 'rejected' && result.problem?.type === 'dependency-missing')) {
          counts.waiting++;
          continue;
        }
        set(key, undefined);
        if (result.status === 'rejected') {
          counts.rejected++;
          set(`rejected/${operation.opId}`, JSON.stringify({ operation, problem: result.problem }));
          if (result.problem?.type === 'changed' && result.id && result.row) await this.#put(rows, operation, result, result.row);
          continue;
        }
        if (result.lost) {
          counts.lost++;
          set(`lost/${operation.opId}`, JSON.stringify({ operation, fields: result.lost, deleted: result.problem?.type === 'gone' }));
        }
        if (result.id && operation.clientId) set(`id/${operation.clientId}`, result.id);
        if (result.id && result.version !== null) {
          if (operation.op === 'delete' || result.problem?.type === 'gone') rows.set(rowKey(operation.entity, result.id), null);
          else await this.#put(rows, operation, result, result.row ?? null);
        }
      }
      for (const [key, row] of rows) set(key, row === null ? undefined : JSON.stringify(row));
      return counts;
    });
  }

  /** A page and its cursor. */
  applyPage(changes: Change[], cursor: string): Promise<void> {
    return this.#alone(async set => {
      const made = new Set((await this.storage.list('made/')).map(([key]) => key.slice(5)));
      for (const { entity, id, clientId, version, deleted, fields } of changes) {
        if (!deleted && clientId && made.has(clientId)) set(`id/${clientId}`, id);
        set(rowKey(entity, id), deleted ? undefined : JSON.stringify({ id, clientId, version, fields }));
      }
      set(CURSOR, cursor);
    });
  }

  /** Removes the rows and the cursor; the outbox too when told. */
  wipe(outbox: boolean): Promise<void> {
    return this.#alone(async set => {
      const prefixes = outbox ? ['row/', 'id/', 'made/', 'out/', 'rejected/', 'lost/'] : ['row/'];
      for (const prefix of prefixes) for (const [key] of await this.storage.list(prefix)) set(key, undefined);
      set(CURSOR, undefined);
    });
  }

  /** A row after a push: as the portal says it is, or as it was here with what the operation wanted. */
  async #put(rows: Map<string, Kept | null>, operation: Operation, result: Result, row: Fields | null): Promise<void> {
    const key = rowKey(operation.entity, result.id!);
    const text = rows.has(key) ? undefined : await this.storage.get(key);
    const before = rows.get(key) ?? (text === undefined ? null : JSON.parse(text) as Kept);
    if (before && before.version > result.version!) return; // a result that is older than what was read
    if (!before && !row && operation.op !== 'create') return; // the next pull brings it
    const fields = row ?? { ...before?.fields, ...operation.fields };
    rows.set(key, { id: result.id!, clientId: result.clientId ?? before?.clientId ?? null, version: result.version!, fields });
  }

  #alone<T>(work: (set: (key: string, value: string | undefined) => void) => T | Promise<T>): Promise<T> {
    const next = this.#turn.then(async () => {
      const changes = new Map<string, string | undefined>();
      const result = await work((key, value) => changes.set(key, value));
      if (changes.size > 0) await this.storage.apply(changes);
      return result;
    });
    this.#turn = next.catch(() => {});
    return next;
  }
}
