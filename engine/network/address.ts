/** IPv4 text as an unsigned 32-bit number; `undefined` when it is none. */
export function parseAddress(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!parts) return undefined;
  let value = 0;
  for (let i = 1; i <= 4; i++) {
    const part = Number(parts[i]);
    if (part > 255) return undefined;
    value = value * 256 + part;
  }
  return value;
}

export function formatAddress(value: number): string {
  return `${Math.floor(value / 16_777_216)}.${Math.floor(value / 65_536) % 256}.${Math.floor(value / 256) % 256}.${value % 256}`;
}

const addressPattern = /^\d{1,3}(\.\d{1,3}){3}$/;

export function isAddress(text: string): boolean {
  return addressPattern.test(text);
}
