/** A package's entry in `package-lock.json`, in so far as it matters here. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** `package-lock.json` of version 3: packages by their place, `node_modules/a/node_modules/b`. */
export interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Names of the packages that only development needs, at the top of `node_modules`. */
export const developmentPackages = ({ packages }: Lockfile): readonly string[] =>
  Object.entries(packages).flatMap(([place, { dev }]) => {
    const name = dev && /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place)?.[1];
    return name ? [name] : [];
  });

/** Where Node finds `name` from the package at `place`: in its own folder, then in each one above. */
const placeOf = (lock: Lockfile, place: string, name: string): string | undefined => {
  for (let from = place; ; from = from.slice(0, Math.max(from.lastIndexOf('/node_modules/'), 0))) {
    const candidate = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
    if (candidate in lock.packages) return candidate;
    if (from === '') return undefined;
  }
};

/**
 * The lock file of a manifest whose packages are some of those that are locked already: the same versions at the same
 * places, and nothing that they do not need.
 * @throws Error for a dependency that is not locked, or locked at another version
 */
export const lockfileFor = (manifest: PackageManifest, lock: Lockfile): object => {
  const kept = new Set<string>();
  const keep = (place: string, names: readonly string[], isOptional: boolean): void => {
    for (const name of names) {
      const found = placeOf(lock, place, name);
      if (found === undefined) {
        if (isOptional) continue;
        throw new Error(`package-lock.json has no ${name}, which ${place || 'the bundle'} needs`);
      }
      if (kept.has(found)) continue;
      kept.add(found);
      const { dependencies, optionalDependencies, peerDependencies } = lock.packages[found] ?? {};
      keep(found, Object.keys(dependencies ?? {}), false);
      keep(found, Object.keys({ ...optionalDependencies, ...peerDependencies }), true);
    }
  };
  for (const [name, version] of Object.entries(manifest.dependencies)) {
    const locked = lock.packages[`node_modules/${name}`]?.version;
    if (locked !== version)
      throw new Error(`package-lock.json has ${name} ${locked ?? 'not at all'}, not ${version}`);
  }
  keep('', Object.keys(manifest.dependencies), false);
  const { name, version, dependencies } = manifest;
  const packages = Object.fromEntries([...kept].sort().map((place) => [place, lock.packages[place]]));
  return {
    name,
    version,
    lockfileVersion: lock.lockfileVersion,
    requires: true,
    packages: { '': { name, version, dependencies }, ...packages },
  };
};
