// Log-ins with their log-outs per second by one client, in a process of its own: CLIENT PAIRS TARGET
import { drive } from "./drive";
import type { Target } from "./job";

export interface Throughput {
  concurrency: number;
  perSecond: number;
  /** CPU time of this process for one log-in and log-out. */
  cpuMicros: number;
}

const [, , client = "", pairs = "", targetText = ""] = process.argv;
const target: Target = JSON.parse(targetText);
const { connect }: { connect: (target: Target) => () => Promise<void> } = require(`./clients/${client}`);

async function run(pair: () => Promise<void>, concurrency: number): Promise<Throughput> {
  const count = Number(pairs);
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await drive(count, concurrency, pair);
  const [milliseconds, used] = [performance.now() - start, process.cpuUsage(cpu)];
  return {
    concurrency,
    perSecond: count / (milliseconds / 1000),
    cpuMicros: (used.user + used.system) / count,
  };
}

async function main(): Promise<void> {
  const pair = connect(target);
  // Until its code is compiled for speed a client is slower; a host with many sessions soon has it so.
  await drive(Math.ceil(Number(pairs) / 2), 8, pair);
  const taken: Throughput[] = [];
  for (const concurrency of [1, 8, 64]) taken.push(await run(pair, concurrency));
  process.stdout.write(`${JSON.stringify(taken)}\n`);
  process.exit();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
