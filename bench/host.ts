import { describeMachine } from "./machine";
import type { HostFigures } from "./results";
import { Server } from "./server";
import { runWorker } from "./worker";
import type { Load } from "./worker/load";
import type { Soak } from "./worker/soak";

const CLIENTS = ["lifecycle", "axios", "undici"];
const PACKAGE = "pulumi-huaweicloud-sessions";

/** What is loaded first, and what then: the cost of the second is what is taken. */
const LOADS: Record<string, string[]> = {
  "lifecycle, alone": [`${PACKAGE}/lifecycle`],
  "axios, alone": ["axios"],
  "undici, alone": ["undici"],
  "lifecycle, in the dynamic-provider host": ["@pulumi/pulumi", `${PACKAGE}/lifecycle`],
  "the package, in a program that has @pulumi/pulumi": ["@pulumi/pulumi", PACKAGE],
  "@pulumi/pulumi, alone": ["@pulumi/pulumi"],
};

interface Amount {
  rounds: number;
  /** Log-ins with log-outs for each figure. */
  pairs: number;
  /** The numbers of sessions after which the heap in use is measured. */
  soak: number[];
  loads: number;
}

const FULL: Amount = { rounds: 5, pairs: 2_000, soak: [1_000, 10_000, 40_000], loads: 11 };
const QUICK: Amount = { rounds: 1, pairs: 300, soak: [100, 1_000], loads: 3 };

export async function benchHost(quick: boolean): Promise<HostFigures> {
  const amount = quick ? QUICK : FULL;
  const machine = await describeMachine();
  const server = await Server.start("http");
  try {
    const loads = await loading(amount);
    const signatureMicros = await signatures(amount);
    const throughput = await throughputs(server, amount);
    const soaks = await soaking(server, amount);
    return { machine, throughput, loads, signatureMicros, soaks };
  } finally {
    await server.stop();
  }
}

async function loading({ loads: times }: Amount): Promise<HostFigures["loads"]> {
  console.log(`host: loading, ${times} times each`);
  const taken: HostFigures["loads"] = {};
  for (let time = 0; time < times; time++) {
    for (const [what, modules] of Object.entries(LOADS)) {
      const loads: Load[] = JSON.parse(await runWorker("load", modules, ["--expose-gc"]));
      const last = loads.at(-1);
      if (last) taken[what] = [...(taken[what] ?? []), last];
    }
  }
  return taken;
}

async function signatures({ rounds }: Amount): Promise<number[]> {
  console.log("host: signatures");
  const taken: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { micros }: { micros: number } = JSON.parse(await runWorker("signature"));
    taken.push(micros);
  }
  return taken;
}

async function throughputs(server: Server, { rounds, pairs }: Amount): Promise<HostFigures["throughput"]> {
  const taken: HostFigures["throughput"] = {};
  for (let round = 0; round < rounds; round++) {
    for (const client of CLIENTS) {
      console.log(`host: round ${round + 1} of ${rounds}, ${pairs} log-ins and log-outs by ${client}`);
      const line = await runWorker("throughput", [client, String(pairs), JSON.stringify(server.target)]);
      taken[client] = [...(taken[client] ?? []), JSON.parse(line)];
    }
  }
  return taken;
}

/** Bare axios shows what of it is Node's own. */
async function soaking(server: Server, { soak }: Amount): Promise<HostFigures["soaks"]> {
  const taken: HostFigures["soaks"] = {};
  for (const client of ["lifecycle", "axios"]) {
    console.log(`host: soak of ${soak.at(-1)} sessions by ${client}`);
    const args = [client, JSON.stringify(soak), JSON.stringify(server.target)];
    // Collecting all garbage gives memory back, which would show as growth after it.
    const { samples }: Soak = JSON.parse(await runWorker("soak", args));
    const { heaps }: Soak = JSON.parse(await runWorker("soak", args, ["--expose-gc"]));
    taken[client] = { samples, heaps };
  }
  return taken;
}
