import { type FieldError, immutable, notSupported, required } from '../../schema/field-error.ts';
import type { V1EndpointSlice } from '../../schema/generated/models.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, nameColumn } from '../define-kind.ts';

export type EndpointSlice = V1EndpointSlice;

function listSome(values: readonly string[], empty: string): string {
  if (values.length === 0) return empty;
  const shown = values.slice(0, 3).join(',');
  return values.length > 3 ? `${shown} + ${values.length - 3} more...` : shown;
}

/** Kubernetes: pkg/registry/discovery/endpointslice (1.36). */
export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  model: 'V1EndpointSlice',
  generationFields: ['endpoints', 'ports'],
  columns: [
    nameColumn(),
    column('AddressType', (object) => object.addressType),
    column('Ports', (object) =>
      listSome(
        (object.ports ?? []).map((port) => (port.port === undefined ? '*' : String(port.port))),
        '<unset>',
      ),
    ),
    column('Endpoints', (object) =>
      listSome(
        (object.endpoints ?? []).flatMap((endpoint) => endpoint.addresses.slice(0, 1)),
        '<unset>',
      ),
    ),
    ageColumn(),
  ],
  defaults(draft) {
    for (const port of draft.ports ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
    draft.endpoints ??= [];
  },
  validate(object) {
    const errors: FieldError[] = [];
    if (!object.addressType) errors.push(required('addressType'));
    else if (!['IPv4', 'IPv6', 'FQDN'].includes(object.addressType))
      errors.push(notSupported('addressType', object.addressType, ['FQDN', 'IPv4', 'IPv6']));
    (object.endpoints ?? []).forEach((endpoint, index) => {
      if (!endpoint.addresses || endpoint.addresses.length === 0)
        errors.push(required(`endpoints[${index}].addresses`, 'must contain at least 1 address'));
    });
    return errors;
  },
  validateUpdate: (next, old) => (next.addressType === old.addressType ? [] : [immutable('addressType', next.addressType)]),
});
