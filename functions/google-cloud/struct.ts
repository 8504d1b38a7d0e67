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

/** A `google.protobuf.Value` as the clients give it. */
interface AnyValue {
  readonly boolValue?: boolean | null;
  readonly numberValue?: number | null;
  readonly stringValue?: string | null;
  readonly listValue?: { readonly values?: readonly AnyValue[] | null } | null;
  readonly structValue?: AnyStruct | null;
}

export interface AnyStruct {
  readonly fields?: Readonly<Record<string, AnyValue>> | null;
}

/** The plain data of a Struct. */
export const plainOf = ({ fields }: AnyStruct): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields ?? {}).map(([key, value]) => [key, plainValue(value)]));

const plainValue = (value: AnyValue): unknown => {
  if (value.structValue) return plainOf(value.structValue);
  if (value.listValue) return (value.listValue.values ?? []).map(plainValue);
  return value.stringValue ?? value.numberValue ?? value.boolValue ?? null;
};
