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

/** The JSON of a path. @throws Error with the status and the beginning of the answer, after the last try */
const read = async ({ url, token, sleep }: SmokeOptions, path: string): Promise<unknown> => {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(new URL(path, url), {
      headers: { authorization: `Bearer ${await token()}`, accept: 'application/json' },
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
