// The verifier's public interface for pages and programs.
export { verifyBundle } from './verify.js';
export { engineName } from './ed25519.js';
export type { Code, Counts, Erased, Head, Refusal, StatedEvent, Verdict } from './verdict.js';
export type { Ground } from './notice.js';
export { canonicalCode } from './identify.js';
export type { JsonObject } from './epcis_values.js';
export type { AnyJson } from './json.js';
export { JsonNumber } from './json.js';
export type { Decimal, Item, TraceEvent } from './event_schema.js';
export type { RegistryAct } from './registry_schema.js';
