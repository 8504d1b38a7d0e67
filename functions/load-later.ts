/** A port all of whose methods answer later. */
export type Answers<Port> = { readonly [Name in keyof Port]: (...given: never[]) => Promise<unknown> };

/** A port whose adapter is loaded and made at its first call, and only once: most events end without it. */
export const loadLater = <Port extends Answers<Port>>(load: () => Promise<Port>): Port => {
  let loading: Promise<Port> | undefined;
  const call =
    (name: keyof Port) =>
    async (...given: never[]): Promise<unknown> => {
      loading ??= load();
      return (await loading)[name](...given);
    };
  // Nobody may take it for a promise, or for anything else that is asked for by a symbol.
  const handler = {
    get: (_: object, name: string | symbol) =>
      typeof name === 'symbol' || name === 'then' ? undefined : call(name as keyof Port),
  };
  return new Proxy({}, handler) as Port;
};
