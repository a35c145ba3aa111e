import type { HostFigures } from "../results";
import type { Scheme } from "../server";
import { spread } from "../stats";
import type { ContenderName } from "../worker/job";
import { barChart } from "./bars";
import { ACTIONS, type Figures, secondsOf } from "./figures";
import { lineChart } from "./lines";
import { ACTION_WORDS, CLIENTS, CONTENDERS } from "./names";

/** The plots of the engine's figures, by file name. */
export function enginePlots(figures: Figures): Record<string, string> {
  const size = figures.sizes.at(-1);
  if (size === undefined) return {};
  return Object.fromEntries([
    ...figures.schemes.map((scheme) => [`time-${scheme}.svg`, time(figures, scheme, size)]),
    ["state.svg", state(figures, size)],
    ["growth.svg", growth(figures, size)],
  ]);
}

function time(figures: Figures, scheme: Scheme, size: number): string {
  const names = figures.contenders(scheme, size);
  return barChart({
    title: `${size.toLocaleString("en")} resources over ${scheme}`,
    unit: "seconds",
    series: names.map((name) => CONTENDERS[name]),
    groups: ACTIONS.map((action) => ({
      name: ACTION_WORDS[action],
      bars: names.map((contender) => figures.spread(contender, scheme, size, secondsOf(action))),
    })),
  });
}

function state(figures: Figures, size: number): string {
  const names = figures.contenders("http", size);
  return barChart({
    title: "State of each resource",
    unit: "bytes on disk",
    series: names.map((name) => CONTENDERS[name]),
    groups: figures.sizes.map((each) => ({
      name: `${each.toLocaleString("en")} resources`,
      bars: names.map((contender) => figures.stateBytes(contender, "http", each)),
    })),
  });
}

function growth(figures: Figures, size: number): string {
  const points = (contender: ContenderName) =>
    figures.sizes.flatMap((each) => {
      const seconds = figures.secondsEach(contender, each);
      return seconds === undefined ? [] : [{ x: each, y: seconds * 1000 }];
    });
  return lineChart({
    title: "up, for each resource",
    unit: "milliseconds beyond an empty stack",
    xUnit: "resources in the stack",
    logarithmic: true,
    series: figures
      .contenders("http", size)
      .map((name) => ({ name: CONTENDERS[name], points: points(name) })),
  });
}

/** The plots of the host's figures, by file name. */
export function hostPlots({ soaks, throughput }: HostFigures): Record<string, string> {
  const series = Object.entries(soaks).map(([client, { samples }]) => ({
    name: CLIENTS[client] ?? client,
    points: samples.map(({ sessions, rssBytes }) => ({ x: sessions, y: rssBytes / 2 ** 20 })),
  }));
  const rates = (client: string, concurrency: number) =>
    spread(
      (throughput[client] ?? [])
        .flat()
        .map((one) => (one.concurrency === concurrency ? one.perSecond : undefined)),
    );
  return {
    "soak.svg": lineChart({
      title: "Resident memory of one process, 8 sessions at once",
      unit: "MiB",
      xUnit: "sessions opened and closed",
      series,
    }),
    "host.svg": barChart({
      title: "Log-ins with their log-outs, on the host's side",
      unit: "per second",
      series: Object.values(CLIENTS),
      groups: [1, 8, 64].map((at) => ({
        name: `${at} at once`,
        bars: Object.keys(CLIENTS).map((client) => rates(client, at)),
      })),
    }),
  };
}
