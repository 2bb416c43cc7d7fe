/** The day in an address: `5`, or `05` as people type it. */
export function parseDayNumber(text: string): number | undefined {
  return /^0?[1-9]$|^[1-3]\d$|^40$/.test(text) ? Number(text) : undefined;
}
