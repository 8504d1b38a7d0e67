import protobuf from 'protobufjs';

/** Methods by the full name of their service, as `functions/google-cloud/calls.ts` has them. */
export type Calls = Readonly<Record<string, readonly string[]>>;

/** A namespace, message, enum or service of a descriptor in protobufjs' JSON form. */
interface Node {
  readonly nested?: Readonly<Record<string, Node>>;
  readonly methods?: Readonly<Record<string, object>>;
  readonly fields?: object;
  readonly values?: object;
  readonly [key: string]: unknown;
}

/** A descriptor spells its methods `AttachNetworkEndpoints`, a client `attachNetworkEndpoints`. */
const isCalled = (methods: readonly string[], name: string): boolean =>
  methods.includes(`${name.slice(0, 1).toLowerCase()}${name.slice(1)}`);

/** Full names, with a dot in front, of the messages and enums that the methods take, give, and reach through fields. */
const reachedFrom = (root: protobuf.Root, calls: Calls): ReadonlySet<string> => {
  const reached = new Set<string>();
  const visit = (type: protobuf.Type | protobuf.Enum): void => {
    if (reached.has(type.fullName)) return;
    reached.add(type.fullName);
    if (!(type instanceof protobuf.Type)) return;
    for (const field of type.fieldsArray) {
      const { resolvedType } = field.resolve();
      if (resolvedType !== null) visit(resolvedType);
    }
  };
  for (const [service, methods] of Object.entries(calls)) {
    const found = root.lookupService(service).methodsArray.filter(({ name }) => isCalled(methods, name));
    if (found.length !== methods.length)
      throw new Error(
        `${service} has ${found.map(({ name }) => name).join(', ') || 'nothing'} of ${methods.join(', ')}`,
      );
    for (const method of found) {
      method.resolve();
      if (method.resolvedRequestType !== null) visit(method.resolvedRequestType);
      if (method.resolvedResponseType !== null) visit(method.resolvedResponseType);
    }
  }
  return reached;
};

/** The node with what is kept of it, or `undefined` when that is nothing. */
const cutNode = (
  node: Node,
  fullName: string,
  reached: ReadonlySet<string>,
  calls: Calls,
): Node | undefined => {
  const nested = Object.entries(node.nested ?? {}).flatMap(([name, child]) => {
    const kept = cutNode(child, `${fullName}.${name}`, reached, calls);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  const inside = nested.length > 0 ? { nested: Object.fromEntries(nested) } : {};
  const { nested: _, methods, ...own } = node;
  if (reached.has(fullName)) return { ...own, ...inside };
  const called = calls[fullName.slice(1)];
  if (methods !== undefined && called !== undefined)
    return {
      ...own,
      methods: Object.fromEntries(Object.entries(methods).filter(([name]) => isCalled(called, name))),
      ...inside,
    };
  return nested.length > 0 ? inside : undefined;
};

/** Whether a service of `calls` is in this descriptor at all. */
const isHere = (descriptor: Node, service: string): boolean => {
  let at: Node | undefined = descriptor;
  for (const name of service.split('.')) at = at?.nested?.[name];
  return at?.methods !== undefined;
};

/**
 * A package's descriptor with the methods that are called, the messages they reach, and nothing else. Services of other
 * packages are none of its business.
 * @throws Error when a service lacks a method, or the descriptor has none of the services
 */
export const cutDescriptors = (descriptor: object, calls: Calls): object => {
  const here = Object.fromEntries(
    Object.entries(calls).filter(([service]) => isHere(descriptor as Node, service)),
  );
  if (Object.keys(here).length === 0) throw new Error('the descriptor has no service that is called');
  const root = protobuf.Root.fromJSON(descriptor as protobuf.INamespace);
  const kept = cutNode(descriptor as Node, '', reachedFrom(root, here), here);
  return kept ?? {};
};
