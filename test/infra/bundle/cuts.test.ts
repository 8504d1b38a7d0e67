import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { calls } from '../../../functions/google-cloud/calls.ts';
import type { ComputeClients } from '../../../functions/google-cloud/compute-clients.ts';
import { calls as kubernetesCalls } from '../../../functions/kubernetes/calls.ts';
import { root } from '../../../infra/bundle/compile.ts';
import { cutClasses } from '../../../infra/bundle/cut-classes.ts';
import { cutDescriptors } from '../../../infra/bundle/cut-descriptors.ts';

const require = createRequire(import.meta.url);
const pascal = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1);

/** Methods of `wanted` that cannot be called with `descriptor`, or whose messages are not those of `whole`. */
const missing = (
  whole: protobuf.Root,
  descriptor: object,
  wanted: Record<string, readonly string[]>,
): string[] => {
  const cut = protobuf.Root.fromJSON(descriptor as protobuf.INamespace);
  return Object.entries(wanted).flatMap(([service, methods]) =>
    methods
      .filter((name) => {
        const path = `${service}.${pascal(name)}`;
        const [ours, theirs] = [cut.lookup(path), whole.lookup(path)];
        if (!(ours instanceof protobuf.Method && theirs instanceof protobuf.Method)) return true;
        ours.resolve();
        theirs.resolve();
        return !isSame(ours, theirs);
      })
      .map((name) => `${service}.${name}`),
  );
};

/** Throws, by protobufjs, when a field's type is not there. */
const isSame = (one: protobuf.Method, other: protobuf.Method): boolean =>
  JSON.stringify(shapeOf(one.resolvedRequestType!)) === JSON.stringify(shapeOf(other.resolvedRequestType!)) &&
  JSON.stringify(shapeOf(one.resolvedResponseType!)) === JSON.stringify(shapeOf(other.resolvedResponseType!));

const shapeOf = (type: protobuf.Type, seen = new Map<string, unknown>()): unknown => {
  if (seen.has(type.fullName)) return seen;
  seen.set(type.fullName, undefined);
  seen.set(
    type.fullName,
    type.fieldsArray.map((field) => {
      const { resolvedType, name, id } = field.resolve();
      if (resolvedType instanceof protobuf.Enum) return [name, id, resolvedType.values];
      if (resolvedType instanceof protobuf.Type) shapeOf(resolvedType, seen);
      return [name, id, field.type, field.repeated];
    }),
  );
  return [...seen];
};

describe.each([
  ['@google-cloud/compute', 'google.cloud.compute.v1', 2_000_000],
  ['@google-cloud/pubsub-api', 'google.pubsub.v1', 20_000],
  ['@google-cloud/logging-api', 'google.logging.v2', 40_000],
])('the descriptors of %s, cut', (name, inside, most) => {
  const wanted = Object.fromEntries(
    Object.entries(calls).filter(([service]) => service.startsWith(`${inside}.`)),
  );
  let descriptor: object;
  let whole: protobuf.Root;
  beforeAll(() => {
    descriptor = require(join(root, 'node_modules', name, 'build/protos/protos.json'));
    whole = protobuf.Root.fromJSON(descriptor as protobuf.INamespace);
  });

  it('have every call that the code makes, with the messages of the package, and stay small', () => {
    const cut = cutDescriptors(descriptor, calls);
    expect(Object.keys(wanted).length).toBeGreaterThan(0);
    expect(missing(whole, cut, wanted)).toEqual([]);
    expect(JSON.stringify(cut).length).toBeLessThan(most);
  });

  it('are found to lack a call that is not in the list', () => {
    const [[service, [first, ...rest]]] = Object.entries(wanted) as unknown as [
      [string, [string, ...string[]]],
    ];
    const others = Object.fromEntries(Object.entries(wanted).filter(([other]) => other !== service));
    const without = { ...others, ...(rest.length > 0 && { [service]: rest }) };
    if (Object.keys(without).length === 0)
      expect(() => cutDescriptors(descriptor, without)).toThrow('no service that is called');
    else expect(missing(whole, cutDescriptors(descriptor, without), wanted)).toContain(`${service}.${first}`);
  });

  it('are not made when the package has no such method', () => {
    const [service] = Object.keys(wanted) as [string];
    expect(() => cutDescriptors(descriptor, { ...calls, [service]: ['teleport'] })).toThrow(
      `${service} has nothing of teleport`,
    );
  });
});

it('a call that is not in the list does not compile', () => {
  const call = (clients: ComputeClients) =>
    // @ts-expect-error: the list has no RegionBackendServices.update, so neither has the bundle
    clients.backendServices().update;
  expect(call).toBeTypeOf('function');
});

describe("the Kubernetes client's classes, cut", () => {
  const generated = (file: string) =>
    readFileSync(join(root, 'node_modules/@kubernetes/client-node/dist/gen', file), 'utf8');

  it.each(Object.entries(kubernetesCalls))(
    '%s has every call that the code makes, on its whole way',
    (name, methods) => {
      const cut = cutClasses(generated(`apis/${name}.js`), new Set(methods));
      for (const method of methods) {
        expect(cut).toContain(`    async ${method}(`);
        expect(cut).toContain(`    async ${method}WithHttpInfo(response) {`);
      }
      expect(cut.match(/^ {4}async /gm)).toHaveLength(2 * methods.length);
    },
  );

  it('keep constructors, leave the other methods out, and are not made of text in another form', () => {
    const source =
      'export class A {\n    constructor() {\n    }\n    /** x */\n    a(b) {\n    }\n    c(d) {\n    }\n}\n';
    expect(cutClasses(source, new Set(['c']))).toBe(
      'export class A {\n    constructor() {\n    }\n    c(d) {\n    }\n}\n',
    );
    expect(() => cutClasses('class A {\n    a = 1;\n}\n', new Set())).toThrow('not the form');
  });
});
