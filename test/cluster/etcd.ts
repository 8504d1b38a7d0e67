/** The objects of a Kubernetes cluster as etcd holds them, by key: `/registry/pods/edge/nat-1`. */
export interface Registry {
  keys(): Promise<readonly string[]>;
  /** Removes keys, as many at once as one transaction may. */
  remove(keys: readonly string[]): Promise<void>;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const plain = (text: string): string => Buffer.from(text, 'base64').toString();

const first = '/registry/';
const end = '/registry0';
/** etcd's `--max-txn-ops`. */
const mostOperations = 128;

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** Over etcd's JSON gateway, in which keys are base64. @param url where etcd serves its clients */
export const registryOf = (url: string): Registry => {
  const call = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${url}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    keys: async () => {
      const all = { key: base64(first), range_end: base64(end), keys_only: true };
      const { kvs = [] } = (await call('range', all)) as { kvs?: readonly { key: string }[] };
      return kvs.map(({ key }) => plain(key));
    },
    remove: async (keys) => {
      for (const some of chunks(keys, mostOperations)) {
        const success = some.map((key) => ({ requestDeleteRange: { key: base64(key) } }));
        await call('txn', { success });
      }
    },
  };
};
