import { slope, spread } from "../stats";
import type { Soak } from "../worker/soak";

export interface Growth {
  from: number;
  to: number;
  /** The line of least squares through resident memory. */
  rssBytesEach: number;
  /** From the median of the first tenth of that range to the median of the last. */
  rssBytes: number;
  /** What is in use after collecting garbage. */
  heapBytesEach: number;
}

/** How memory grew once the process had warmed up, which the first tenth of the soak is for. */
export function growthOf({ samples, heaps }: Soak): Growth | undefined {
  const [first, last] = [heaps[0], heaps.at(-1)];
  if (!first || !last || first === last) return undefined;
  const steady = samples.filter(({ sessions }) => sessions >= first.sessions);
  const tenth = Math.ceil(steady.length / 10);
  const resident = (part: typeof steady) => spread(part.map((sample) => sample.rssBytes))?.median ?? 0;
  return {
    from: first.sessions,
    to: last.sessions,
    rssBytesEach: slope(steady.map(({ sessions, rssBytes }) => ({ x: sessions, y: rssBytes }))),
    rssBytes: resident(steady.slice(-tenth)) - resident(steady.slice(0, tenth)),
    heapBytesEach: (last.heapBytes - first.heapBytes) / (last.sessions - first.sessions),
  };
}
