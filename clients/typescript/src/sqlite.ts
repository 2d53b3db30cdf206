import type { DeviceStorage } from './types.js';

/** The part of expo-sqlite's database that is used; others are adapted in three lines. */
export interface SqliteDatabase {
  execAsync(sql: string): Promise<unknown>;
  runAsync(sql: string, parameters: string[]): Promise<unknown>;
  getAllAsync<T>(sql: string, parameters: string[]): Promise<T[]>;
}

/** React Native and Expo: one table in the app's own database. */
export class SqliteStorage implements DeviceStorage {
  #ready: Promise<unknown> | undefined;

  constructor(private readonly database: SqliteDatabase) {}

  async get(key: string): Promise<string | undefined> {
    return (await this.#all('SELECT key, value FROM adminportal WHERE key = ? AND value IS NOT NULL', [key]))[0]?.value;
  }

  async list(prefix: string): Promise<[string, string][]> {
    const rows = await this.#all('SELECT key, value FROM adminportal WHERE key >= ? AND key < ? AND value IS NOT NULL ORDER BY key', [prefix, prefix + '\uffff']);
    return rows.map(row => [row.key, row.value]);
  }

  /** In one statement, which SQLite does as a whole or not at all whatever other connections do; what is removed becomes null, and is cleaned up after. */
  async apply(changes: ReadonlyMap<string, string | undefined>): Promise<void> {
    await this.#prepare();
    const list = JSON.stringify([...changes].map(([key, value]) => [key, value ?? null]));
    await this.database.runAsync(
      "INSERT INTO adminportal (key, value) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?) WHERE true ON CONFLICT (key) DO UPDATE SET value = excluded.value", [list]);
    if ([...changes.values()].includes(undefined)) await this.database.runAsync('DELETE FROM adminportal WHERE value IS NULL', []);
  }

  async #all(sql: string, parameters: string[]): Promise<{ key: string; value: string }[]> {
    await this.#prepare();
    return this.database.getAllAsync(sql, parameters);
  }

  #prepare(): Promise<unknown> {
    return this.#ready ??= this.database.execAsync('CREATE TABLE IF NOT EXISTS adminportal (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID');
  }
}
