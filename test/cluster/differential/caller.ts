/** An answer as a story sees it, to go on from. */
export interface Answer {
  readonly code: number;
  // biome-ignore lint/suspicious/noExplicitAny: stories read whatever a server answers
  readonly body: any;
}

/** One request of a story, and what came of it; values that no two clusters share are replaced by their names. */
export interface Line {
  readonly request: string;
  readonly answer: unknown;
}

export const types = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export interface CallOptions {
  readonly contentType?: string;
  readonly accept?: string;
}

/** Parts of texts that no two clusters share, and what stands for them. */
const own: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  // The random end of a name that the server made.
  [/\b(made-|Bad_)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1<random>'],
  [/(ResourceVersion in [a-z ]+?[:(] ?)\d+/g, '$1<version>'],
  [/(resourceVersion\\?"?[:=]\\?"?)\d+/g, '$1<version>'],
  [/(continue=)[\w%-]{20,}/g, '$1<token>'],
];

const text = (value: string): string =>
  own.reduce((said, [form, name]) => said.replaceAll(form, name), value);

/** By which a manager's entry is known, of which an object has one each. */
const idOf = (entry: unknown): string => {
  const { manager, operation, subresource } = entry as Readonly<Record<string, unknown>>;
  return JSON.stringify([manager, operation, subresource]);
};

interface Cause {
  readonly field?: string;
  readonly message?: string;
}

const wordsOf = ({ field = '', message = '' }: Cause): string => `${field}: ${message}`;

/** The faults of an object in one order: the server finds those of a schema's properties in the order of a Go map, by chance. */
const inOrder = (body: object): object => {
  const { message, details } = body as { message?: string; details?: { causes?: readonly Cause[] } };
  const causes = details?.causes ?? [];
  if (typeof message !== 'string' || causes.length < 2) return body;
  const sorted = [...causes].sort((a, b) => (wordsOf(a) < wordsOf(b) ? -1 : 1));
  const list = `is invalid: [${sorted.map(wordsOf).join(', ')}]`;
  return {
    ...body,
    message: message.replace(/is invalid: \[[\s\S]*\]$/, () => list),
    details: { ...details, causes: sorted },
  };
};

/** What stays of a body: everything but what is each cluster's own. */
export const normal = (value: unknown, key = ''): unknown => {
  if (key === 'resourceVersion') return value === '' || value === undefined ? value : '<version>';
  if (key === 'continue') return value === '' ? '' : '<token>';
  if (typeof value === 'string') return text(value);
  // The server sorts them by their times, which two clusters do not share.
  if (key === 'managedFields' && Array.isArray(value))
    return value.map((item) => normal(item)).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  // Of a table: how old an object is depends on when somebody looks.
  if (key === 'cells' && Array.isArray(value))
    return value.map((cell) => (/^\d+s$/.test(String(cell)) ? '<age>' : normal(cell)));
  if (Array.isArray(value)) return value.map((item) => normal(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(inOrder(value))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, normal(item, name)]),
  );
};

/** Speaks to one cluster and writes down what was said. */
export class Caller {
  readonly #url: string;
  readonly #token: string;
  readonly lines: Line[] = [];

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    const { contentType = 'application/json', accept } = options;
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'user-agent': 'story/1',
        ...(body === undefined ? {} : { 'content-type': contentType }),
        ...(accept === undefined ? {} : { accept }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      // A watch that should have been refused has no end.
      signal: AbortSignal.timeout(10_000),
    });
    const content = await response.text().catch(() => '"an answer without end"');
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const answer: Answer = { code: response.status, body: isJson ? JSON.parse(content) : content };
    this.lines.push({
      request:
        `${method} ${text(path)} ${body === undefined ? '' : (contentType.split('/')[1] ?? '')}`.trim(),
      answer: { code: answer.code, body: normal(answer.body) },
    });
    return answer;
  }

  get(path: string, options?: CallOptions): Promise<Answer> {
    return this.call('GET', path, undefined, options);
  }

  post(path: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('POST', path, body, options);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.call('PUT', path, body);
  }

  delete(path: string, body?: unknown): Promise<Answer> {
    return this.call('DELETE', path, body);
  }

  patch(kind: keyof typeof types, path: string, body: unknown): Promise<Answer> {
    return this.call('PATCH', path, body, { contentType: types[kind] });
  }

  /** Watches from a resource version until `count` events have come. */
  async watch(path: string, count: number): Promise<void> {
    const ending = new AbortController();
    const response = await fetch(this.#url + path, {
      headers: { authorization: `Bearer ${this.#token}` },
      signal: ending.signal,
    });
    const events: unknown[] = [];
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      events.push(...parts.filter(Boolean).map((part) => normal(JSON.parse(part))));
      if (events.length >= count) break;
    }
    ending.abort();
    this.lines.push({
      request: `WATCH ${text(path)}`,
      answer: { code: response.status, events: events.slice(0, count) },
    });
  }
}

/** A story told to one cluster; `namespace` is its own, and is there. */
export type Story = (api: Caller, namespace: string) => Promise<void>;
