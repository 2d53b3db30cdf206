import type { DeviceStorage, SecretStore } from './types.js';

/** Keeps everything as long as the app runs. */
export class MemoryStorage implements DeviceStorage {
  readonly #entries = new Map<string, string>();

  async get(key: string): Promise<string | undefined> {
    return this.#entries.get(key);
  }

  async list(prefix: string): Promise<[string, string][]> {
    return [...this.#entries].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => a < b ? -1 : 1);
  }

  async apply(changes: ReadonlyMap<string, string | undefined>): Promise<void> {
    for (const [key, value] of changes) {
      if (value === undefined) this.#entries.delete(key);
      else this.#entries.set(key, value);
    }
  }
}

/** For tests, and for apps that pair anew each time. */
export class MemorySecrets implements SecretStore {
  readonly #entries = new Map<string, string>();
  get = async (key: string): Promise<string | null> => this.#entries.get(key) ?? null;
  set = async (key: string, value: string): Promise<void> => void this.#entries.set(key, value);
  remove = async (key: string): Promise<void> => void this.#entries.delete(key);
}
