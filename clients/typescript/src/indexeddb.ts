import type { DeviceStorage } from './types.js';

const STORE = 'entries';

/** Browsers: one database with one store. */
export class IndexedDbStorage implements DeviceStorage {
  readonly #database: Promise<IDBDatabase>;

  constructor(name = 'adminportal') {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    this.#database = done(opening);
    this.#database.catch(() => {}); // whoever reads hears of it
  }

  async get(key: string): Promise<string | undefined> {
    return done((await this.#store('readonly')).get(key));
  }

  async list(prefix: string): Promise<[string, string][]> {
    const store = await this.#store('readonly');
    const range = IDBKeyRange.bound(prefix, prefix + '\uffff');
    const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);
    return keys.map((key, i) => [key as string, values[i]]);
  }

  async apply(changes: ReadonlyMap<string, string | undefined>): Promise<void> {
    const store = await this.#store('readwrite');
    const { transaction } = store;
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      for (const [key, value] of changes) {
        if (value === undefined) store.delete(key);
        else store.put(value, key);
      }
    });
  }

  async close(): Promise<void> {
    (await this.#database).close();
  }

  async #store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    return (await this.#database).transaction(STORE, mode).objectStore(STORE);
  }
}

const done = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
