const pattern = /^\d{1,3}(\.\d{1,3}){3}$/;

export function isIpv4(text: string): boolean {
  return pattern.test(text);
}
