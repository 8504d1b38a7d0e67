/** What a deployment must answer before it counts as done. Source: functions/inventory.ts. */
const paths = ['/v1/pools', '/v1/routes'] as const;

export interface SmokeOptions {
  /** The inventory function's address. */
  readonly url: string;
  /** An identity token for that address. */
  token(): Promise<string>;
  /** Pauses between two tries: a first request may meet a cold start, or a right that has not spread yet. */
  sleep(ms: number): Promise<void>;
  say(text: string): void;
}

const tries = 6;

/** @throws Error that says whose token is needed */
const tokenOf = (options: SmokeOptions): Promise<string> =>
  options.token().catch((cause: unknown) => {
    throw new Error(
      `no identity token for ${options.url} (${cause instanceof Error ? cause.message : String(cause)}): run it as a service account that is among the deployment's readers, or ask as yourself with persistent-ip get routes`,
      { cause },
    );
  });

/** The JSON of a path. @throws Error with the status and the beginning of the answer, after the last try */
const read = async (options: SmokeOptions, path: string): Promise<unknown> => {
  const { url, sleep } = options;
  for (let attempt = 1; ; attempt++) {
    const token = await tokenOf(options);
    const response = await fetch(new URL(path, url), {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    }).catch((error: unknown) => error as Error);
    if (!(response instanceof Error) && response.ok) return response.json();
    const said =
      response instanceof Error
        ? response.message
        : `${response.status} ${(await response.text()).slice(0, 200)}`;
    if (attempt === tries) throw new Error(`GET ${path}: ${said}`);
    await sleep(1000 * 2 ** attempt);
  }
};

/** Reads the inventory: the functions run, may read every cluster, and answer in JSON. @throws Error if not */
export const smoke = async (options: SmokeOptions): Promise<void> => {
  for (const path of paths) {
    const answer = await read(options, path);
    options.say(`GET ${path}: ${JSON.stringify(answer).length} bytes of JSON`);
  }
};
