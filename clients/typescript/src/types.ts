/** What the portal and the app say to each other, and what the app has to bring. */

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Fields = Record<string, Value>;

/** An operation as it is kept and sent; never changed once it has its `opId`. */
export interface Operation {
  opId: string;
  seq: number;
  entity: string;
  op: 'create' | 'update' | 'delete';
  clientId?: string;
  id?: string;
  taskClientId?: string;
  baseVersion?: number;
  ifVersion?: number;
  fields?: Fields;
}

export interface Result {
  opId: string;
  status: 'applied' | 'merged' | 'conflict' | 'rejected';
  replayed: boolean;
  id: string | null;
  clientId: string | null;
  version: number | null;
  row?: Fields;
  lost?: Fields;
  index?: number;
  problem?: { type: string; detail: string };
}

export interface Change {
  entity: string;
  id: string;
  clientId: string | null;
  version: number;
  deleted: boolean;
  fields: Fields | null;
}

/** A row as the app shows it: what the server said, with what waits on the device on top. */
export interface Row {
  entity: string;
  /** The server's id; before the first push the clientId. */
  id: string;
  clientId: string | null;
  /** 0: the server does not know it yet. */
  version: number;
  fields: Fields;
  /** Something of it waits to be sent. */
  pending: boolean;
}

export interface Permission {
  scope: string;
  expiresAt: string | null;
}

/** The app's secure store (Keychain, Keystore): tokens stand nowhere else. */
export interface SecretStore {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Where rows, the outbox and the cursor are kept. */
export interface DeviceStorage {
  get(key: string): Promise<string | undefined>;
  /** All entries whose key begins so, in the order of their keys. */
  list(prefix: string): Promise<[key: string, value: string][]>;
  /** All of it or nothing, whenever the app dies; undefined removes. */
  apply(changes: ReadonlyMap<string, string | undefined>): Promise<void>;
}

export type Fetch = (url: string, init: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignal | null }) => Promise<Response>;
