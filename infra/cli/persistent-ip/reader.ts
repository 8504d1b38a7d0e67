import * as v from 'valibot';
import type { Config } from '../../../functions/config.ts';
import type { ReadAnswer, ReadRequest } from '../../../functions/read-handler.ts';
import { CommandFailure } from './failure.ts';
import { deploymentConfig, type Settings } from './settings.ts';
import type { Surroundings } from './surroundings.ts';
import { accessTokens, identityToken } from './tokens.ts';

/** What the inventory answers, wherever it runs. */
export type Ask = (
  request: Pick<ReadRequest, 'method' | 'url'> & { readonly body?: AskBody },
) => Promise<ReadAnswer>;

/** What a question is about, and its media type. */
export interface AskBody {
  readonly type: string;
  readonly text: string;
}

/** How the user wants the deployment to be reached. */
export interface ReachOptions {
  readonly inventory?: string | undefined;
  readonly direct?: boolean | undefined;
}

const howToReach =
  'give --inventory URL, or --settings FILE with what terraform output -json persistent_ip says, or --direct with that file';

/**
 * The inventory function over HTTP, or the same code in this process, on the cluster and Google Cloud with the user's
 * own rights (`--direct`). Both answer alike, so no command knows which it asks.
 */
export const askerOf = (
  around: Surroundings,
  settings: Settings,
  { inventory, direct }: ReachOptions,
): Ask => {
  if (direct) return inProcess(around, settings);
  const address = inventory ?? around.env.PERSISTENT_IP_INVENTORY ?? settings.inventory_url;
  if (address === undefined) throw new CommandFailure('usage', 'no deployment is named', howToReach);
  if (!URL.canParse(address) || !/^https?:/.test(address))
    throw new CommandFailure('usage', `${address} is no URL of an inventory`, howToReach);
  return overHttp(around, address);
};

const overHttp =
  (around: Surroundings, address: string): Ask =>
  async ({ method, url, body }) => {
    const target = new URL(`${address.replace(/\/$/, '')}${url}`);
    const token = await identityToken(around, target);
    let response: Response;
    try {
      response = await fetch(target, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': body.type }),
        },
        ...(body === undefined ? {} : { body: body.text }),
      });
    } catch (cause) {
      const why =
        cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
      throw new CommandFailure(
        'unreachable',
        `the inventory at ${address} does not answer (${why})`,
        'look at its URL, or use --direct',
        { cause },
      );
    }
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  };

const inProcess = (around: Surroundings, settings: Settings): Ask => {
  const config = deploymentConfig(around, settings);
  let wiring: Promise<Answer> | undefined;
  return async ({ method, url, body }) => {
    wiring ??= answerHere(around, config);
    return (await wiring)({
      method,
      url,
      ifNoneMatch: undefined,
      ...(body === undefined ? {} : { content: { type: body.type, bytes: Buffer.from(body.text) } }),
    });
  };
};

type Answer = (request: ReadRequest) => Promise<ReadAnswer>;

/** Loaded only now: who asks an inventory needs none of the clients. */
const answerHere = async (around: Surroundings, config: Config): Promise<Answer> => {
  const [{ connect }, { onInventory }, { systemRuntime }] = await Promise.all([
    import('../../../functions/connect.ts'),
    import('../../../functions/inventory.ts'),
    import('../../../functions/system-runtime.ts'),
  ]);
  const wiring = connect({
    config,
    tokens: accessTokens(around),
    // The functions' log lines are Cloud Logging's, not this command's output.
    runtime: { ...systemRuntime, log: () => {} },
    onPlatform: false,
  });
  return (request) => onInventory(wiring, request);
};

const Refusal = v.object({ error: v.object({ message: v.string() }) });

const kinds: Readonly<Record<number, CommandFailure['kind']>> = {
  400: 'usage',
  401: 'not-allowed',
  403: 'not-allowed',
  404: 'not-found',
  413: 'usage',
  503: 'unreachable',
};

const remedies: Readonly<Partial<Record<CommandFailure['kind'], string>>> = {
  'not-found': 'persistent-ip get routes, get pools and get addresses list what there is',
  'not-allowed': 'ask for roles/run.invoker on the inventory, or use --direct with rights of your own',
  unreachable: 'try again in a few seconds',
};

/**
 * What the inventory says, parsed.
 * @throws CommandFailure with the inventory's own words
 */
export const read = async (ask: Ask, request: Parameters<Ask>[0]): Promise<unknown> => {
  const { status, body } = await ask(request);
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    json = undefined;
  }
  if (status === 200 && json !== undefined) return json;
  const kind = kinds[status] ?? 'failed';
  const said = v.safeParse(Refusal, json);
  const what = said.success
    ? said.output.error.message
    : `the inventory answered ${status} without saying why`;
  throw new CommandFailure(kind, what, remedies[kind]);
};

const Page = v.object({
  items: v.array(v.unknown()),
  nextPageToken: v.optional(v.string()),
  unreadable: v.optional(v.array(v.object({ why: v.string() }))),
});

/** Every item of a list, page by page, and what could not be read. */
export const readAll = async (
  ask: Ask,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly items: readonly unknown[]; readonly unreadable: readonly string[] }> => {
  const items: unknown[] = [];
  const unreadable = new Set<string>();
  let pageToken: string | undefined;
  do {
    const asked = { ...query, pageSize: '1000', pageToken };
    const given = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const page = v.parse(
      Page,
      await read(ask, { method: 'GET', url: `${path}?${new URLSearchParams(given)}` }),
    );
    items.push(...page.items);
    for (const { why } of page.unreadable ?? []) unreadable.add(why);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return { items, unreadable: [...unreadable] };
};
