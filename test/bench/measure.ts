// Timing: medians of interleaved runs, so that what the machine does meanwhile falls on both sides alike.

/** Milliseconds that one call takes. */
export function timed(run: () => unknown): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export interface Measured {
  readonly name: string;
  /** Median milliseconds. */
  readonly ms: number;
  /** Median over the rounds of this run's time divided by the first one's in the same round. */
  readonly ratio: number;
}

/** Runs every candidate once a round, in turn; the first one is what the others are compared with. */
export function interleaved(
  rounds: number,
  candidates: Readonly<Record<string, (round: number) => unknown>>,
): readonly Measured[] {
  const names = Object.keys(candidates);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) times.get(name)?.push(timed(() => candidates[name]?.(round)));
  }
  const first = times.get(names[0] ?? "") ?? [];
  return names.map((name) => {
    const own = times.get(name) ?? [];
    return {
      name,
      ms: median(own),
      ratio: median(own.map((time, round) => time / (first[round] ?? Number.NaN))),
    };
  });
}

export function print(
  title: string,
  measured: readonly Measured[],
  limits: Readonly<Record<string, number>> = {},
): void {
  console.log(`\n${title}`);
  for (const { name, ms, ratio } of measured) {
    const limit = limits[name];
    const verdict =
      limit === undefined
        ? ""
        : ratio <= limit
          ? `  (at most ${limit}: met)`
          : `  (at most ${limit}: NOT met)`;
    console.log(
      `  ${name.padEnd(44)} ${ms.toFixed(2).padStart(9)} ms  ${ratio.toFixed(3).padStart(8)} x${verdict}`,
    );
  }
}
