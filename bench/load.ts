// One client that logs in and out, in a process of its own: JOB. Prints milliseconds of a call, and bytes.
import { Agent } from "node:https";
import { setImmediate } from "node:timers/promises";
import { type Keys, sign, type Target, webCliUrl } from "./target";

export interface LoadJob {
  client: "package" | "axios";
  target: Target;
  keys: Keys;
  /** Whether to go on to 40,000 sessions and look at the memory. */
  memory: boolean;
}

export const AT_ONCE = [1, 8, 64];

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

/** Gives the milliseconds that a call took: a login and a logout are two. */
async function repeat(pairs: number, atOnce: number, logInAndOut: LogInAndOut): Promise<number> {
  const start = performance.now();
  let begun = 0;
  const lane = async () => {
    while (begun++ < pairs) await logInAndOut();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (performance.now() - start) / (2 * pairs);
}

async function memory(): Promise<{ resident: number; heap: number }> {
  await setImmediate();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed + external };
}

async function main(job: LoadJob): Promise<void> {
  const logInAndOut = job.client === "axios" ? bareAxios(job) : lifecycle(job);
  const measured: Record<string, number> = {};
  // A host with many sessions soon has its code compiled for speed.
  await repeat(PAIRS / 2, 8, logInAndOut);
  for (const atOnce of AT_ONCE) measured[`${atOnce} at once`] = await repeat(PAIRS, atOnce, logInAndOut);
  if (job.memory) {
    await repeat(10_000, 8, logInAndOut);
    const before = await memory();
    await repeat(30_000, 8, logInAndOut);
    const after = await memory();
    measured["heap of a session"] = (after.heap - before.heap) / 30_000;
    measured["resident growth"] = (after.resident - before.resident) / 2 ** 20;
  }
  console.log(JSON.stringify(measured));
}

if (require.main === module) void main(JSON.parse(process.argv[2] ?? ""));
