import { invariant } from '../sim/invariant.ts';
import type { CauseId, Millis } from '../sim/simulation.ts';

/** A store-wide logical time: every change of any key takes the next one. */
export type Revision = number;

/** A stored value with its version facts. Values are frozen and shared with every reader. */
export interface KeyValue {
  readonly key: string;
  readonly value: object;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
  /** Changes since creation, starting at 1. */
  readonly version: number;
  /** The lease that removes the key when it expires; 0 for none. */
  readonly lease: number;
}

export interface StoreEvent {
  readonly revision: Revision;
  readonly type: 'put' | 'delete';
  readonly key: string;
  /** The new value; absent for a delete. */
  readonly current?: KeyValue;
  readonly previous?: KeyValue;
  readonly cause: CauseId;
  readonly atMs: Millis;
}

/** What a key must be for a write to go through. `0` means that it must not exist. */
export interface Compare {
  readonly key: string;
  readonly modRevision: Revision;
}

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: object; readonly lease?: number }
  | { readonly type: 'delete'; readonly key: string };

export interface StoreState {
  revision: Revision;
  compacted: Revision;
  /** Buckets by the second segment of the key, so that a list of one resource never walks the others. */
  buckets: Map<string, Map<string, KeyValue>>;
  /** All changes after `compacted`, oldest first. */
  log: StoreEvent[];
  leases: Map<number, { readonly expiresAtMs: Millis; readonly keys: Set<string> }>;
  nextLease: number;
  /** The revision at which the store was when it was compacted last. */
  mark: { readonly atMs: Millis; readonly revision: Revision };
  /** Running hash over the changes that compaction dropped from `log`. */
  droppedHash: number;
  keyCount: number;
}

/** For how long a lease is handed out again. */
const leaseReuseMs: Millis = 60_000;

/** The failures that a caller may meet; anything else is a bug. */
export type StoreFailure = 'Compacted' | 'FutureRevision';

/**
 * The revisioned key-value store behind the API server.
 *
 * Worked example, with the log after each step:
 * `put a` → revision 2 `[put a@2]`; `put a` → 3 `[put a@2, put a@3]`; `delete a` → 4 `[…, delete a@4]`;
 * `compact 3` → `[delete a@4]`: reading at 2 is now `Compacted`, a watch may start after 3.
 * The first change has revision 2, as in etcd, whose empty store is at 1.
 */
export class Store {
  readonly state: StoreState;
  /** Sorted keys per bucket, made on demand and dropped when a key comes or goes. */
  readonly #sorted = new Map<string, readonly string[]>();
  readonly #now: () => Millis;
  /** No lease expires before this. */
  #nextExpiryMs: Millis;
  #listeners: ((event: StoreEvent) => void)[] = [];

  constructor(state: StoreState, now: () => Millis) {
    this.state = state;
    this.#now = now;
    this.#nextExpiryMs = firstExpiry(state);
  }

  static initialState(): StoreState {
    return {
      revision: 1,
      compacted: 0,
      mark: { atMs: 0, revision: 0 },
      buckets: new Map(),
      log: [],
      leases: new Map(),
      nextLease: 1,
      droppedHash: 0,
      keyCount: 0,
    };
  }

  get revision(): Revision {
    return this.state.revision;
  }

  /** Called for every change in revision order, before the write returns. */
  onEvent(listener: (event: StoreEvent) => void): void {
    this.#listeners.push(listener);
  }

  get(key: string): KeyValue | undefined {
    const found = this.state.buckets.get(bucketOf(key))?.get(key);
    return found && this.#isExpired(found) ? undefined : found;
  }

  /** All keys with the prefix in key order, now or at an earlier revision. */
  range(prefix: string, atRevision: Revision = this.state.revision): readonly KeyValue[] | StoreFailure {
    if (atRevision > this.state.revision) return 'FutureRevision';
    if (atRevision < this.state.compacted) return 'Compacted';
    if (atRevision < this.state.revision) return this.#rangeAt(prefix, atRevision);
    const found: KeyValue[] = [];
    for (const bucket of this.#bucketsOf(prefix)) {
      const keys = this.state.buckets.get(bucket) as Map<string, KeyValue>;
      for (const key of this.#sortedKeys(bucket)) {
        const entry = keys.get(key) as KeyValue;
        if (key.startsWith(prefix) && !this.#isExpired(entry)) found.push(entry);
      }
    }
    return found;
  }

  /** Runs `operations` when every comparison holds, all under one revision; otherwise changes nothing and returns `undefined`. */
  transact(compares: readonly Compare[], operations: readonly Operation[], cause: CauseId): Revision | undefined {
    this.#expireLeases(cause);
    for (const { key, modRevision } of compares) if ((this.get(key)?.modRevision ?? 0) !== modRevision) return undefined;
    const revision = this.state.revision + 1;
    let changed = false;
    for (const operation of operations) changed = this.#run(operation, revision, cause) || changed;
    return changed ? revision : this.state.revision;
  }

  /** The revision that the next change will have. Removals that are overdue are written first, because they take revisions too. */
  nextRevision(cause: CauseId): Revision {
    this.#expireLeases(cause);
    return this.state.revision + 1;
  }

  /** Changes after `revision`, oldest first. */
  eventsAfter(revision: Revision): readonly StoreEvent[] | StoreFailure {
    if (revision < this.state.compacted) return 'Compacted';
    if (revision > this.state.revision) return 'FutureRevision';
    return this.state.log.slice(this.#logIndexAfter(revision));
  }

  /** Forgets what happened up to and including `revision`; the present stays readable. */
  compact(revision: Revision): void {
    if (revision <= this.state.compacted || revision > this.state.revision) return;
    const keepFrom = this.#logIndexAfter(revision);
    for (let i = 0; i < keepFrom; i++) this.state.droppedHash = hashEvent(this.state.droppedHash, this.state.log[i] as StoreEvent);
    this.state.log = this.state.log.slice(keepFrom);
    this.state.compacted = revision;
  }

  /**
   * Every so often forgets what had happened up to the time before. Not a timer: whoever writes calls it, so an idle store stays idle.
   * Kubernetes: apiserver/pkg/storage/etcd3/compact.go (1.36).
   */
  compactEvery(everyMs: Millis): void {
    const { mark, revision } = this.state;
    const now = this.#now();
    if (now - mark.atMs < everyMs) return;
    this.compact(mark.revision);
    this.state.mark = { atMs: now, revision };
  }

  /** A lease that removes its keys `ttlMs` from now. */
  grantLease(ttlMs: Millis): number {
    const id = this.state.nextLease++;
    const expiresAtMs = this.#now() + ttlMs;
    this.state.leases.set(id, { expiresAtMs, keys: new Set() });
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresAtMs);
    return id;
  }

  /**
   * A lease for a key that lives at least `ttlMs`: the newest one while it lasts long enough, so that a burst of short-lived keys shares one.
   * Kubernetes: apiserver/pkg/storage/etcd3/lease_manager.go (1.36).
   */
  leaseFor(ttlMs: Millis): number {
    const newest = this.state.nextLease - 1;
    const lease = this.state.leases.get(newest);
    const rest = lease === undefined ? 0 : lease.expiresAtMs - this.#now();
    return rest >= ttlMs && rest <= ttlMs + leaseReuseMs ? newest : this.grantLease(ttlMs + leaseReuseMs);
  }

  /** A hash over every change since the beginning, in hexadecimal: equal histories have equal hashes. */
  historyHash(): string {
    let hash = this.state.droppedHash;
    for (const event of this.state.log) hash = hashEvent(hash, event);
    return (hash >>> 0).toString(16).padStart(8, '0');
  }

  #run(operation: Operation, revision: Revision, cause: CauseId): boolean {
    const { key } = operation;
    const bucketName = bucketOf(key);
    let bucket = this.state.buckets.get(bucketName);
    const previous = bucket?.get(key);
    if (operation.type === 'delete') {
      if (!bucket || !previous) return false;
      bucket.delete(key);
      this.#sorted.delete(bucketName);
      this.state.keyCount--;
      this.#leaveLease(previous);
      this.#commit({ revision, type: 'delete', key, previous, cause, atMs: this.#now() });
      return true;
    }
    if (!bucket) {
      bucket = new Map();
      this.state.buckets.set(bucketName, bucket);
    }
    invariant(Object.isFrozen(operation.value), `etcd: the value of ${key} is not frozen`);
    const lease = operation.lease ?? 0;
    const current: KeyValue = Object.freeze({
      key,
      value: operation.value,
      createRevision: previous?.createRevision ?? revision,
      modRevision: revision,
      version: (previous?.version ?? 0) + 1,
      lease,
    });
    bucket.set(key, current);
    if (previous && previous.lease !== lease) this.#leaveLease(previous);
    if (!previous) {
      this.#sorted.delete(bucketName);
      this.state.keyCount++;
    }
    if (lease) this.state.leases.get(lease)?.keys.add(key);
    this.#commit({ revision, type: 'put', key, current, ...(previous && { previous }), cause, atMs: this.#now() });
    return true;
  }

  #commit(event: StoreEvent): void {
    this.state.revision = event.revision;
    this.state.log.push(Object.freeze(event));
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * Leases are not timers: an expired key is invisible at once, and its removal is written before the next change.
   * So nothing is due in an idle store, and a read never changes the history.
   */
  #expireLeases(cause: CauseId): void {
    const now = this.#now();
    if (now < this.#nextExpiryMs) return;
    for (const [id, lease] of this.state.leases) {
      if (lease.expiresAtMs > now) continue;
      this.state.leases.delete(id);
      for (const key of [...lease.keys]) this.#run({ type: 'delete', key }, this.state.revision + 1, cause);
    }
    this.#nextExpiryMs = firstExpiry(this.state);
  }

  /** A lease that lost its last key has nothing left to do. */
  #leaveLease({ key, lease: id }: KeyValue): void {
    const lease = this.state.leases.get(id);
    if (lease?.keys.delete(key) && lease.keys.size === 0) this.state.leases.delete(id);
  }

  #isExpired(entry: KeyValue): boolean {
    if (entry.lease === 0) return false;
    const lease = this.state.leases.get(entry.lease);
    return lease === undefined || lease.expiresAtMs <= this.#now();
  }

  #rangeAt(prefix: string, revision: Revision): readonly KeyValue[] {
    const found = new Map<string, KeyValue>();
    for (const entry of this.range(prefix) as readonly KeyValue[]) found.set(entry.key, entry);
    for (let i = this.state.log.length - 1; i >= 0; i--) {
      const event = this.state.log[i] as StoreEvent;
      if (event.revision <= revision) break;
      if (!event.key.startsWith(prefix)) continue;
      if (event.previous) found.set(event.key, event.previous);
      else found.delete(event.key);
    }
    return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #bucketsOf(prefix: string): readonly string[] {
    const segments = prefix.split('/');
    // "/registry/pods/…" names one bucket; a shorter prefix may span several.
    if (segments.length > 3) return this.state.buckets.has(segments[2] as string) ? [segments[2] as string] : [];
    return [...this.state.buckets.keys()].sort();
  }

  #sortedKeys(bucket: string): readonly string[] {
    let keys = this.#sorted.get(bucket);
    if (!keys) {
      keys = [...(this.state.buckets.get(bucket) as Map<string, KeyValue>).keys()].sort();
      this.#sorted.set(bucket, keys);
    }
    return keys;
  }

  /** Index of the first log entry after `revision`; the log is ordered by revision. */
  #logIndexAfter(revision: Revision): number {
    const { log } = this.state;
    let low = 0;
    let high = log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((log[middle] as StoreEvent).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function bucketOf(key: string): string {
  const start = key.indexOf('/', 1) + 1;
  const end = key.indexOf('/', start);
  return end < 0 ? key.slice(start) : key.slice(start, end);
}

function firstExpiry({ leases }: StoreState): Millis {
  let first = Number.POSITIVE_INFINITY;
  for (const { expiresAtMs } of leases.values()) first = Math.min(first, expiresAtMs);
  return first;
}

/** FNV-1a over the facts of a change and the JSON of its value, part by part. */
function hashEvent(seed: number, { revision, type, key, atMs, current }: StoreEvent): number {
  let hash = hashText(seed ^ 0x811c9dc5, `${revision} ${type} ${key} ${atMs}`);
  if (!current) return hash;
  for (const field in current.value)
    hash = Math.imul(hashText(hash, field) ^ hashPart((current.value as Record<string, unknown>)[field]), 0x01000193);
  return hash;
}

/** Parts that did not change are the same objects from version to version, so their hashes are remembered. */
const partHashes = new WeakMap<object, number>();

function hashPart(part: unknown): number {
  if (typeof part !== 'object' || part === null) return hashText(0, JSON.stringify(part) ?? '');
  let hash = partHashes.get(part);
  if (hash === undefined) {
    hash = hashText(0, JSON.stringify(part));
    partHashes.set(part, hash);
  }
  return hash;
}

function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
