import type { Environment } from '@marcbachmann/cel-js';
import type { Authorize } from '../access/authorize.ts';

/** What is asked about: a resource, or a path that is none. */
export interface Asked {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

const nothing: Asked = { group: '', resource: '', subresource: '', namespace: '', name: '' };

/** Who asks whom. */
interface Asker {
  readonly authorize: Authorize;
  readonly user: string;
  readonly groups: readonly string[];
}

class Decision {
  readonly allowed: boolean;
  constructor(allowed: boolean) {
    this.allowed = allowed;
  }
}

class ResourceCheck {
  readonly asker: Asker;
  readonly asked: Asked;
  constructor(asker: Asker, asked: Asked) {
    this.asker = asker;
    this.asked = asked;
  }
  with(more: Partial<Asked>): ResourceCheck {
    return new ResourceCheck(this.asker, { ...this.asked, ...more });
  }
  check(verb: string): Decision {
    const { authorize, user, groups } = this.asker;
    return new Decision(authorize({ ...this.asked, verb, user, groups }));
  }
}

class GroupCheck {
  readonly asker: Asker;
  readonly group: string;
  constructor(asker: Asker, group: string) {
    this.asker = asker;
    this.group = group;
  }
}

/** `authorizer` of expressions. */
export class Authorizer {
  readonly asker: Asker;
  /** The very resource that is written. */
  readonly requestResource: ResourceCheck;
  constructor(asker: Asker, requested: Asked = nothing) {
    this.asker = asker;
    this.requestResource = new ResourceCheck(asker, requested);
  }
}

const type = (name: string): string => `kubernetes.authorization.${name}`;

/** `authorizer.group("apps").resource("deployments").check("create").allowed()` (apiserver `pkg/cel/library/authz.go`). */
export const declareAuthorizer = (env: Environment): void => {
  env
    .registerType(type('Decision'), Decision)
    .registerType(type('ResourceCheck'), ResourceCheck)
    .registerType(type('GroupCheck'), GroupCheck)
    .registerType(type('Authorizer'), {
      ctor: Authorizer,
      fields: { requestResource: type('ResourceCheck') },
    })
    .registerVariable('authorizer', type('Authorizer'))
    .registerFunction(
      `${type('Authorizer')}.group(string): ${type('GroupCheck')}`,
      ({ asker }: Authorizer, group: string) => new GroupCheck(asker, group),
    )
    .registerFunction(
      `${type('Authorizer')}.serviceAccount(string, string): ${type('Authorizer')}`,
      ({ asker }: Authorizer, namespace: string, name: string) =>
        new Authorizer({
          ...asker,
          user: `system:serviceaccount:${namespace}:${name}`,
          groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
        }),
    )
    .registerFunction(
      `${type('GroupCheck')}.resource(string): ${type('ResourceCheck')}`,
      ({ asker, group }: GroupCheck, resource: string) =>
        new ResourceCheck(asker, { ...nothing, group, resource }),
    )
    .registerFunction(
      `${type('ResourceCheck')}.check(string): ${type('Decision')}`,
      (check: ResourceCheck, verb: string) => check.check(verb),
    )
    .registerFunction(`${type('Decision')}.allowed(): bool`, ({ allowed }: Decision) => allowed)
    .registerFunction(`${type('Decision')}.reason(): string`, () => '')
    .registerFunction(`${type('Decision')}.errored(): bool`, () => false)
    .registerFunction(`${type('Decision')}.error(): string`, () => '');
  for (const part of ['subresource', 'namespace', 'name'] as const) {
    env.registerFunction(
      `${type('ResourceCheck')}.${part}(string): ${type('ResourceCheck')}`,
      (check: ResourceCheck, value: string) => check.with({ [part]: value }),
    );
  }
};
