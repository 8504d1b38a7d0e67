/** `google.protobuf.Value` as the clients take it. */
export type ProtoValue =
  | { readonly nullValue: 'NULL_VALUE' }
  | { readonly boolValue: boolean }
  | { readonly numberValue: number }
  | { readonly stringValue: string }
  | { readonly listValue: { readonly values: ProtoValue[] } }
  | { readonly structValue: ProtoStruct };

export interface ProtoStruct {
  readonly fields: Record<string, ProtoValue>;
}

/** Plain data as `google.protobuf.Struct`; fields that are `undefined` are left out, as JSON does. */
export const structOf = (value: object): ProtoStruct => ({
  fields: Object.fromEntries(
    Object.entries(value).flatMap(([key, field]: [string, unknown]) =>
      field === undefined ? [] : [[key, valueOfField(field)] as const],
    ),
  ),
});

const valueOfField = (value: unknown): ProtoValue => {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(valueOfField) } };
  if (typeof value === 'object' && value !== null) return { structValue: structOf(value) };
  return { nullValue: 'NULL_VALUE' };
};
