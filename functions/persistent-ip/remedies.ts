import { blocking } from './conditions.ts';
import type { vocabulary } from './vocabulary.ts';

type Vocabulary = typeof vocabulary;
type Reasons = readonly string[];

/** A remedy for every reason of the vocabulary; one that is missing, or too many, does not compile. */
type Remedies = {
  readonly [Kind in keyof Vocabulary]: {
    readonly [Type in keyof Vocabulary[Kind] as [Kind, Type] extends ['GKEIPRoute', 'Ready']
      ? never
      : Type]: {
      readonly [Status in keyof Vocabulary[Kind][Type] as Vocabulary[Kind][Type][Status] extends readonly []
        ? never
        : Status]: Vocabulary[Kind][Type][Status] extends Reasons
        ? { readonly [Reason in Vocabulary[Kind][Type][Status][number]]: string }
        : never;
    };
  };
};

/**
 * What a user does about each condition, in Markdown: what docs/conditions.md says, which a test holds to these words.
 * A route's `Ready` repeats another condition's reason, and with it the remedy.
 */
export const remedies: Remedies = {
  GKEIPRoute: {
    Accepted: {
      True: {
        Accepted: 'nothing',
      },
      False: {
        MissingParentRefs:
          'name a Gateway in `spec.parentRefs`; parents of other kinds are ignored. What the route held is released',
        GatewayNotFound:
          'create the Gateway, or correct the name or namespace. What the route held is released',
        GatewayNotAccepted:
          'mend the Gateway or its class; their own conditions say how. Nothing is released meanwhile, and nobody holds the addresses',
        Unattachable:
          "ask the Gateway's owner to admit your namespace (`spec.listeners[].allowedRoutes`), correct `sectionName`, or remove the field that the class does not offer. What the route held is released",
        InvalidAddresses:
          'correct the address, have it added to the pool, or take another. Of two routes that claim one address the older keeps it; the other gets it without being touched when that one goes. What the route held is released',
        InvalidLabels: 'correct `spec.podSelector`. Nothing is released meanwhile',
        NetworkNotFound:
          'create the Network, or leave `spec.network` out for the default one. Nothing is released meanwhile',
        NetworkNotReady:
          "look at the Network's own conditions and its GKENetworkParamSet. Nothing is released meanwhile",
        Mutated: 'wait; the route goes when everything in Google Cloud has gone',
      },
    },
    GCPReady: {
      True: {
        GCPReady:
          "nothing; where nodes could not be prepared or let go, do what Google Cloud's own words say: it is tried again by itself",
      },
      False: {
        GCPNotReady: 'wait; our own operation runs, or the route is not accepted',
        GCPFailed:
          "do what Google Cloud's own words say (quota, permission, organization policy); it is tried again by itself",
        NoPodsFound:
          'look at the Pods: labels, readiness probe, network, `hostNetwork`. The addresses stay reserved for the route',
        Mutated:
          'find out who changes our resources (the audit log of Compute names them); the repair runs by itself',
        CleanupComplete: 'nothing; the route is about to go',
      },
    },
    DPV2Ready: {
      True: {
        DPV2Ready: "nothing; the message is the node agent's own",
      },
      False: {
        DPV2NotReady: "if it is the agent's own error: look at the node (`anetd` in `kube-system`)",
        NoPodsFound: 'see `GCPReady`',
        Mutated: 'wait; after two minutes `Ready` says what to check',
      },
    },
    SecondController: {
      True: {
        StatusRewritten:
          'only there while somebody else writes the status: take the route from the controller that is named, or stop writing its status by hand. It goes an hour after the last time',
      },
    },
  },
  Gateway: {
    Accepted: {
      True: {
        Accepted: 'nothing',
      },
      False: {
        InvalidParameters: 'correct the annotation; the firewall rules that were made before stay',
        Unsupported: 'change `gatewayClassName`',
        UnsupportedAddress: "change the address's type",
      },
    },
    Programmed: {
      True: {
        Programmed: 'nothing',
      },
      False: {
        Invalid: 'see `Accepted`',
        AddressNotUsable:
          'each address that cannot be used is named, with why and what to do; `status.addresses` holds the others, which stay in use',
        AddressNotAssigned: "wait; a refusal quotes Google Cloud's own words",
        Pending: 'wait: its routes let go of them by themselves',
      },
    },
  },
  Listener: {
    Accepted: {
      True: {
        Accepted: 'nothing',
      },
      False: {
        Invalid: "see the Gateway, or correct the listener's selector",
      },
    },
    ResolvedRefs: {
      True: {
        ResolvedRefs: 'nothing',
      },
      False: {
        InvalidRouteKinds: 'remove the other kinds from `allowedRoutes.kinds`',
      },
    },
    Programmed: {
      True: {
        Programmed: 'nothing',
      },
      False: {
        Invalid: 'see the other two',
      },
    },
    Conflicted: {
      False: {
        NoConflicts: 'nothing',
      },
    },
  },
  GatewayClass: {
    Accepted: {
      True: {
        Accepted: 'nothing',
      },
      False: {
        Unsupported: 'use the class that is named',
        InvalidParameters: 'set or correct the annotation',
      },
    },
  },
};

type Table = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

/** A condition, as far as it says what to do. */
interface Said {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}

/** What to do about a condition of an object, in plain text; `undefined` for words that are not ours. */
export const remedyFor = (kind: keyof Vocabulary, { type, status, reason }: Said): string | undefined => {
  const table: Table = remedies[kind];
  return table[type]?.[status]?.[reason]?.replaceAll('`', '');
};

/** The same among all conditions of a route: `Ready` says what the first of the others says that is not True. */
export const routeRemedy = (said: Said, all: readonly Said[]): string | undefined => {
  if (said.type !== 'Ready') return remedyFor('GKEIPRoute', said);
  if (said.status === 'True') return 'nothing';
  const repeated = blocking(all);
  return repeated && remedyFor('GKEIPRoute', repeated);
};
