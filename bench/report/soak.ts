import { spread } from "../stats";
import type { Soak } from "../worker/soak";

export interface Growth {
  from: number;
  to: number;
  /** From the median of the first tenth of that range to the median of the last. */
  rssBytes: number;
  /** What is in use after collecting garbage. */
  heapBytesEach: number;
}

/** How memory grew from one mark of the soak to the next. */
export function growthsOf({ samples, heaps }: Soak): Growth[] {
  return heaps.slice(1).flatMap((last, index) => {
    const first = heaps[index];
    return first ? [growth(samples, first, last)] : [];
  });
}

type Heap = Soak["heaps"][number];

function growth(samples: Soak["samples"], first: Heap, last: Heap): Growth {
  const steady = samples.filter(({ sessions }) => sessions >= first.sessions && sessions <= last.sessions);
  const tenth = Math.ceil(steady.length / 10);
  const resident = (part: typeof steady) => spread(part.map((sample) => sample.rssBytes))?.median ?? 0;
  return {
    from: first.sessions,
    to: last.sessions,
    rssBytes: resident(steady.slice(-tenth)) - resident(steady.slice(0, tenth)),
    heapBytesEach: (last.heapBytes - first.heapBytes) / (last.sessions - first.sessions),
  };
}
