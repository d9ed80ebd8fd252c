// Storage drivers that Docker Engine no longer has: a daemon that is told to use one does not start.
//
// https://docs.docker.com/engine/deprecated/ (docker/cli `docs/deprecated.md`), read in November 2026.

export interface RemovedDriver {
  readonly name: string;
  /** Major version that came without it. */
  readonly since: number;
}

export const REMOVED_STORAGE_DRIVERS: readonly RemovedDriver[] = [
  { name: "aufs", since: 24 },
  { name: "devicemapper", since: 25 },
  { name: "overlay", since: 24 },
];
