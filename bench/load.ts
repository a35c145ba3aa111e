// One client that logs in and out, in a process of its own: JOB
import { Agent } from "node:https";
import { setImmediate } from "node:timers/promises";
import type { Sample } from "./samples";
import { type Keys, sign, type Target, webCliUrl } from "./target";

export interface LoadJob {
  client: "package" | "axios";
  target: Target;
  keys: Keys;
  /** The first one goes on to 40,000 sessions. */
  round: number;
}

type LogInAndOut = () => Promise<unknown>;

const PAIRS = 2_000;

/** As the dynamic-provider host does it. */
function lifecycle({ target, keys }: LoadJob): LogInAndOut {
  type Module = typeof import("pulumi-huaweicloud-sessions/lifecycle");
  const { WebCliSession }: Module = require("pulumi-huaweicloud-sessions/lifecycle");
  WebCliSession.configure(configOf({ ...keys }));
  return async () => {
    const { id, outs } = await WebCliSession.create(target);
    if (!outs) throw new Error("The login has no outputs.");
    await WebCliSession.delete(id, outs);
  };
}

/** What `configure` takes, under any namespace. */
export function configOf(values: Record<string, string>) {
  const get = (key: string) => values[key.split(":").at(-1) ?? key];
  return { config: { get, require: (key: string) => get(key) ?? "" } };
}

/** The same two signed calls with nothing around them, on connections that are kept. */
function bareAxios({ target, keys }: LoadJob): LogInAndOut {
  const axios: typeof import("axios") = require("axios");
  const client = axios.create({ httpsAgent: new Agent({ keepAlive: true }) });
  const post = async (what: string, content: object) => {
    const [url, body] = [`${webCliUrl(target)}/${what}`, JSON.stringify(content)];
    return (await client.post(url, body, { headers: sign(url, body, keys) })).data;
  };
  return async () => {
    const { client_id } = await post("auth", { password: target.password });
    await post("logout", { client_id });
  };
}

async function repeat(count: number, atOnce: number, logInAndOut: LogInAndOut): Promise<void> {
  let begun = 0;
  const lane = async () => {
    while (begun++ < count) await logInAndOut();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

async function calls(atOnce: number, logInAndOut: LogInAndOut): Promise<Record<string, number>> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await repeat(PAIRS, atOnce, logInAndOut);
  const [seconds, { user, system }] = [(performance.now() - start) / 1000, process.cpuUsage(cpu)];
  // A login and a logout.
  const count = 2 * PAIRS;
  return { "calls a second": count / seconds, "CPU of each, µs": (user + system) / count };
}

/** How much more memory is taken after 40,000 sessions than after 10,000. */
async function growth(logInAndOut: LogInAndOut): Promise<Record<string, number>> {
  await repeat(10_000, 8, logInAndOut);
  const [before, heapBefore] = [process.memoryUsage.rss(), await heapInUse()];
  await repeat(30_000, 8, logInAndOut);
  const [after, heapAfter] = [process.memoryUsage.rss(), await heapInUse()];
  return {
    "resident, MiB": after / 2 ** 20,
    "resident growth, MiB": (after - before) / 2 ** 20,
    "heap growth of each, bytes": (heapAfter - heapBefore) / 30_000,
  };
}

async function heapInUse(): Promise<number> {
  await setImmediate();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function main(job: LoadJob): Promise<void> {
  const { client: who, round } = job;
  const logInAndOut = who === "axios" ? bareAxios(job) : lifecycle(job);
  const samples: Sample[] = [];
  // A host with many sessions soon has its code compiled for speed.
  await repeat(PAIRS / 2, 8, logInAndOut);
  for (const size of [1, 8, 64]) {
    samples.push({ table: "calls", who, size, round, values: await calls(size, logInAndOut) });
  }
  if (round === 0) {
    samples.push({ table: "memory", who, size: 40_000, round, values: await growth(logInAndOut) });
  }
  process.send?.(samples);
}

if (require.main === module) {
  process.on("disconnect", () => process.exit());
  main(JSON.parse(process.argv[2] ?? "")).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
