/** Milliseconds as `00:03:12`, with days as `2d 04:00:00`, and before the beginning as `−00:00:41`. */
export function formatClock(ms: number): string {
  if (ms < 0) return `−${formatClock(-ms)}`;
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const text = parts.map((part) => String(part).padStart(2, '0')).join(':');
  const days = Math.floor(seconds / 86_400);
  return days > 0 ? `${days}d ${text}` : text;
}

/** A distance in time as one reads it beside a step: `+0 ms`, `+340 ms`, `+2.1 s`, `+3 min 20 s`. */
export function formatOffset(ms: number): string {
  if (ms < 1000) return `+${Math.round(ms)} ms`;
  if (ms < 10_000) return `+${(ms / 1000).toFixed(1)} s`;
  if (ms < 60_000) return `+${Math.round(ms / 1000)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor((ms % 60_000) / 1000);
  return seconds === 0 ? `+${minutes} min` : `+${minutes} min ${seconds} s`;
}

/** Age as kubectl prints it in short: `12s`, `3m`, `2h`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
