import generated from './generated/models.json' with { type: 'json' };

/** A field's type in JSON-schema form, as the generator writes it. */
export interface FieldSchema {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly format?: string;
  readonly items?: FieldSchema;
  readonly additionalProperties?: FieldSchema;
  readonly $ref?: string;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}
export interface ModelSchema {
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
}
const models = generated as unknown as { readonly definitions: Readonly<Record<string, ModelSchema>> };

/** Every Kubernetes API type by its generated name, e.g. `V1PodSpec`. */
export const modelSchemas: Readonly<Record<string, ModelSchema>> = models.definitions;

export function modelOfRef(ref: string): string {
  return ref.slice('#/definitions/'.length);
}

/** `PodSpec` for `V1PodSpec`: the type's name in Go, as messages show it. */
export function goNameOf(model: string): string {
  return model.replace(
    /^(Core|Events|Resource|Discovery|Storage|Admissionregistration|Apiextensions|Authentication|Flowcontrol|Rbac)?V\d+(alpha\d+|beta\d+)?/,
    '',
  );
}

/** Fields that hold quantities: the client package types them as plain strings. */
const quantityFields: Readonly<Record<string, readonly string[]>> = {
  V1ResourceRequirements: ['limits', 'requests'],
  V1VolumeResourceRequirements: ['limits', 'requests'],
  V1NodeStatus: ['capacity', 'allocatable'],
  V1ContainerStatus: ['allocatedResources'],
  V1PodSpec: ['overhead'],
  V1EmptyDirVolumeSource: ['sizeLimit'],
  V1ResourceFieldSelector: ['divisor'],
  V1ResourceQuotaSpec: ['hard'],
  V1ResourceQuotaStatus: ['hard', 'used'],
  V1LimitRangeItem: ['default', 'defaultRequest', 'max', 'min', 'maxLimitRequestRatio'],
  V1PersistentVolumeSpec: ['capacity'],
  V1PersistentVolumeClaimStatus: ['capacity', 'allocatedResources'],
  V1Overhead: ['podFixed'],
};

export function isQuantityField(model: string, field: string): boolean {
  return quantityFields[model]?.includes(field) ?? false;
}
