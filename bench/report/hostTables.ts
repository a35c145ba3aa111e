import type { HostFigures } from "../results";
import { spread } from "../stats";
import { CLIENTS } from "./names";
import { growthsOf } from "./soak";
import { shown, table } from "./table";

/** Calls per second, and what CPU time the client used for a log-in with its log-out. */
export function throughputTable({ throughput }: HostFigures): string {
  const rows = Object.entries(throughput).map(([client, rounds]) => [
    CLIENTS[client] ?? client,
    ...[1, 8, 64].flatMap((at) => {
      const taken = rounds.flat().filter(({ concurrency }) => concurrency === at);
      return [
        shown(spread(taken.map((one) => one.perSecond)), 0),
        shown(spread(taken.map((one) => one.cpuMicros)), 0),
      ];
    }),
  ]);
  const head = [1, 8, 64].flatMap((at) => [`${at} at once, per s`, "CPU µs each"]);
  return table(["log-in with log-out", ...head], rows);
}

export function loadTable({ loads }: HostFigures): string {
  const rows = Object.entries(loads).map(([what, taken]) => [
    what,
    shown(spread(taken.map((one) => one.milliseconds))),
    shown(spread(taken.map((one) => one.rssBytes / 2 ** 20))),
    shown(spread(taken.map((one) => one.heapBytes / 2 ** 20))),
  ]);
  return table(["loading", "ms", "resident, MiB", "heap in use, MiB"], rows);
}

export function soakTable({ soaks }: HostFigures): string {
  const rows = Object.entries(soaks).flatMap(([client, soak]) =>
    growthsOf(soak).map(({ from, to, rssBytes, heapBytesEach }) => [
      `${CLIENTS[client] ?? client}, from ${from.toLocaleString("en")} to ${to.toLocaleString("en")}`,
      (rssBytes / 2 ** 20).toFixed(1),
      heapBytesEach.toFixed(1),
    ]),
  );
  return table(["growth with the sessions of a soak", "resident, MiB", "heap in use, bytes a session"], rows);
}
