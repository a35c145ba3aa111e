import type { HostFigures, Results } from "../results";
import { type Spread, spread } from "../stats";
import { Figures, type Pick, secondsOf } from "./figures";
import { type Growth, growthsOf } from "./soak";

export interface Target {
  what: string;
  limit: string;
  value: string;
  /** Undefined where it was not measured. */
  reached: boolean | undefined;
}

/** What the goals are stated for; a shorter run is told from it by its size. */
const SIZE = 1_000;

function target(what: string, limit: string, value: string | undefined, reached: boolean): Target {
  return { what, limit, value: value ?? "–", reached: value === undefined ? undefined : reached };
}

function atMost(what: string, taken: Spread | undefined, limit: number, unit = ""): Target {
  const range = taken && taken.count > 1 ? ` (${taken.min.toFixed(2)}–${taken.max.toFixed(2)})` : "";
  const value = taken && `${taken.median.toFixed(2)}${range}${unit}`;
  return target(what, `at most ${limit}${unit}`, value, taken !== undefined && taken.median <= limit);
}

const exactly = (value: number | undefined) => spread([value]);

/** All targets, those without figures included. */
export function targetsOf({ engine, host }: Results): Target[] {
  const figures = new Figures(engine?.runs ?? []);
  return [...engineTargets(figures, figures.sizes.at(-1) ?? SIZE), ...hostTargets(host), growth(figures)];
}

function engineTargets(figures: Figures, size: number): Target[] {
  const ratio = (other: "b" | "c" | "d", pick: Pick, scheme: "http" | "https" = "http") =>
    figures.ratio(other, scheme, size, pick);
  const both = secondsOf("up", "destroy");
  const [own, empty] = (["a", "b"] as const).map((name) => figures.stateBytes(name, "http", size)?.median);
  return [
    atMost(`up of ${size}, over (b)`, ratio("b", secondsOf("up")), 0.8),
    atMost(`up of ${size}, over (c)`, ratio("c", secondsOf("up")), 0.7),
    atMost(`destroy of ${size}, over (b)`, ratio("b", secondsOf("destroy")), 0.8),
    atMost(`second up of ${size}, over (b)`, ratio("b", secondsOf("again")), 1.15),
    atMost(`up and destroy of ${size}, http, over (d)`, ratio("d", both), 0.95),
    atMost(`up and destroy of ${size}, https, over (d)`, ratio("d", both, "https"), 0.8),
    atMost(`state of each of ${size}, over (b); better 0.70`, exactly(quotient(own, empty)), 0.8),
  ];
}

/**
 * The engine writes the whole state after each step, so an empty resource among many costs more than among few as
 * well: only what a session's cost grows beyond that is ours.
 */
function growth(figures: Figures): Target {
  const [few = SIZE / 10, many = SIZE] = figures.sizes.slice(-2);
  const grown = (name: "a" | "b") =>
    quotient(figures.secondsEach(name, many), figures.secondsEach(name, few));
  const what = `up of each of ${many}, over that of each of ${few}, over the same of (b)`;
  return atMost(what, exactly(quotient(grown("a"), grown("b"))), 1.2);
}

function quotient(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || !other ? undefined : one / other;
}

function hostTargets(host: HostFigures | undefined): Target[] {
  const loads = host?.loads["the package, in a program that has @pulumi/pulumi"] ?? [];
  return [
    atMost(
      "import of the package, beside @pulumi/pulumi",
      spread(loads.map((one) => one.milliseconds)),
      15,
      " ms",
    ),
    ...[1, 8, 64].map((concurrency) => throughput(host, concurrency)),
    memory(host),
  ];
}

/** Round by round, like the other ratios. */
function throughput(host: HostFigures | undefined, concurrency: number): Target {
  const rates = (client: string) =>
    (host?.throughput[client] ?? []).map(
      (round) => round.find((one) => one.concurrency === concurrency)?.perSecond,
    );
  const bare = rates("axios");
  const taken = spread(rates("lifecycle").map((own, round) => quotient(own, bare[round])));
  const value = taken && `${taken.median.toFixed(2)} (${taken.min.toFixed(2)}–${taken.max.toFixed(2)})`;
  const what = `host: calls per second, over bare axios, ${concurrency} at once`;
  return target(what, "at least 0.9", value, taken !== undefined && taken.median >= 0.9);
}

const MEBIBYTE = 2 ** 20;
/** V8 moves its limits by some MiB as it likes; the smallest object that a session leaves behind shows in the heap. */
const [HEAP_BYTES_EACH, RSS_BYTES] = [50, 8 * MEBIBYTE];

function memory(host: HostFigures | undefined): Target {
  const soak = host?.soaks.lifecycle;
  const [grown] = soak ? growthsOf(soak) : [];
  const what = `host: memory from ${grown?.from ?? SIZE} to ${grown?.to ?? 10 * SIZE} sessions`;
  const limit = `does not grow: resident by at most 8 MiB, heap in use by at most ${HEAP_BYTES_EACH} bytes a session`;
  const still = grown !== undefined && grown.heapBytesEach <= HEAP_BYTES_EACH && grown.rssBytes <= RSS_BYTES;
  return target(what, limit, grown && growthShown(grown), still);
}

function growthShown({ rssBytes, heapBytesEach }: Growth): string {
  const resident = `resident ${(rssBytes / MEBIBYTE).toFixed(1)} MiB`;
  return `${resident}, heap in use ${heapBytesEach.toFixed(1)} bytes a session`;
}
