export * from './types.js';
export { AwayError, PortalError, type HttpOptions } from './http.js';
export { pair, preview, readCode, resumePairing, type Code, type DeviceFacts, type DeviceType, type Paired, type PairingOptions } from './pairing.js';
export { MemorySecrets, MemoryStorage } from './memory.js';
export { IndexedDbStorage } from './indexeddb.js';
export { SqliteStorage, type SqliteDatabase } from './sqlite.js';
export { Device, type DeviceOptions, type Standing, type Rejected, type Lost } from './device.js';
