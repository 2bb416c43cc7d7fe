interface PendingChange {
  readonly database: 'sqlite' | 'postgres';
  /** Empty when the migrations already end at the schema. */
  readonly sql: string;
}
export function pendingChanges(): Promise<readonly PendingChange[]>;
