import type { Store } from '../etcd/store.ts';
import { type Service, usesNodePorts } from '../kinds/core/service.ts';
import { type FieldError, invalid } from '../schema/field-error.ts';
import type { Mutable } from '../sim/plain.ts';
import type { Simulation } from '../sim/simulation.ts';

const firstNodePort = 30_000;
const lastNodePort = 32_767;

/** Hands out cluster IPs and node ports, as the API server's Service registry does. Kubernetes: pkg/registry/core/service (1.36). */
export class ServiceAddresses {
  readonly #addresses = new Set<string>();
  readonly #ports = new Set<number>();
  readonly #sim: Simulation;
  readonly #base: number;
  readonly #size: number;
  readonly #cidr: string;

  constructor(store: Store, sim: Simulation, cidr: string) {
    this.#sim = sim;
    this.#cidr = cidr;
    const [address, bits] = cidr.split('/') as [string, string];
    this.#base = toNumber(address);
    this.#size = 2 ** (32 - Number(bits));
    for (const entry of store.range('/registry/services/specs/') as readonly { readonly value: object }[])
      this.#note(entry.value as Service, true);
    store.onEvent(({ key, current, previous }) => {
      if (!key.startsWith('/registry/services/specs/')) return;
      if (previous) this.#note(previous.value as Service, false);
      if (current) this.#note(current.value as Service, true);
    });
  }

  /** Fills in what the draft leaves open, or says what is wrong with what it asks for. */
  allocate(draft: Mutable<Service>, old?: Service): readonly FieldError[] {
    const { spec } = draft;
    if (!spec) return [];
    if (spec.type === 'ExternalName') {
      delete spec.clusterIP;
      delete spec.clusterIPs;
      for (const port of spec.ports ?? []) delete port.nodePort;
      return [];
    }
    const errors = [...this.#allocateAddress(spec, old), ...this.#allocatePorts(draft, old)];
    return errors;
  }

  #allocateAddress(spec: Mutable<NonNullable<Service['spec']>>, old?: Service): readonly FieldError[] {
    spec.clusterIP ||= spec.clusterIPs?.[0] || old?.spec?.clusterIP || this.#freeAddress();
    spec.clusterIPs = [spec.clusterIP];
    if (spec.clusterIP === 'None' || spec.clusterIP === old?.spec?.clusterIP) return [];
    if (!/^\d+\.\d+\.\d+\.\d+$/.test(spec.clusterIP))
      return [invalid('spec.clusterIPs[0]', spec.clusterIP, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
    const offset = toNumber(spec.clusterIP) - this.#base;
    if (offset < 1 || offset >= this.#size) {
      return [
        invalid(
          'spec.clusterIPs',
          [spec.clusterIP],
          `failed to allocate IP ${spec.clusterIP}: the provided IP (${spec.clusterIP}) is not in the valid range. The range of valid IPs is ${this.#cidr}`,
        ),
      ];
    }
    if (this.#addresses.has(spec.clusterIP)) {
      return [invalid('spec.clusterIPs', [spec.clusterIP], `failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`)];
    }
    return [];
  }

  #allocatePorts(draft: Mutable<Service>, old?: Service): readonly FieldError[] {
    const errors: FieldError[] = [];
    const needed = usesNodePorts(draft as Service);
    const kept = new Set((old?.spec?.ports ?? []).flatMap((port) => (port.nodePort ? [port.nodePort] : [])));
    const used = new Set<number>();
    (draft.spec?.ports ?? []).forEach((port, index) => {
      if (!needed) {
        if (old && kept.has(port.nodePort ?? 0)) delete port.nodePort;
        return;
      }
      port.nodePort ||=
        old?.spec?.ports?.find((before) => before.port === port.port && before.protocol === port.protocol)?.nodePort ??
        this.#freePort(used);
      if (port.nodePort < firstNodePort || port.nodePort > lastNodePort) {
        errors.push(
          invalid(
            `spec.ports[${index}].nodePort`,
            port.nodePort,
            `provided port is not in the valid range. The range of valid ports is ${firstNodePort}-${lastNodePort}`,
          ),
        );
      } else if (!kept.has(port.nodePort) && this.#ports.has(port.nodePort)) {
        errors.push(invalid(`spec.ports[${index}].nodePort`, port.nodePort, 'provided port is already allocated'));
      }
      used.add(port.nodePort);
    });
    return errors;
  }

  #freeAddress(): string {
    // The lowest addresses are left for those who ask for a fixed one, as upstream's two bands do.
    const reserved = Math.min(Math.max(16, Math.floor(this.#size / 16)), 256);
    for (let attempt = 0; attempt < 1000; attempt++) {
      const address = toAddress(this.#base + reserved + this.#sim.randomInt(this.#size - reserved - 1));
      if (!this.#addresses.has(address)) return address;
    }
    for (let offset = 1; offset < this.#size - 1; offset++) {
      const address = toAddress(this.#base + offset);
      if (!this.#addresses.has(address)) return address;
    }
    return '';
  }

  #freePort(used: ReadonlySet<number>): number {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const port = firstNodePort + 86 + this.#sim.randomInt(lastNodePort - firstNodePort - 86 + 1);
      if (!this.#ports.has(port) && !used.has(port)) return port;
    }
    for (let port = firstNodePort; port <= lastNodePort; port++) if (!this.#ports.has(port) && !used.has(port)) return port;
    return 0;
  }

  #note({ spec }: Service, isTaken: boolean): void {
    if (spec?.clusterIP && spec.clusterIP !== 'None') mark(this.#addresses, spec.clusterIP, isTaken);
    for (const port of spec?.ports ?? []) if (port.nodePort) mark(this.#ports, port.nodePort, isTaken);
  }
}

function mark<T>(set: Set<T>, value: T, isTaken: boolean): void {
  if (isTaken) set.add(value);
  else set.delete(value);
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
