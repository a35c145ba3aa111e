import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Stack } from "@pulumi/pulumi/automation";
import { findEngine, type StackOptions, withStack } from "../tools/engine";
import type { Contender } from "./contenders";
import { ROOT, reply, type Usage, withChild, withUsage } from "./processes";
import type { Job } from "./program";
import type { Half, Sample } from "./samples";
import { type Server, withServer } from "./server";

export interface Plan {
  rounds: number;
  sizes: number[];
  /** A size at which each contender runs once; 0 for none. */
  growth: number;
}

/** Gives the figures to `keep` after each stack, so that a run that is cut short is not lost. */
export async function benchEngine(
  { rounds, sizes, growth }: Plan,
  keep: (figures: Omit<Half, "takenOn">) => void,
  interrupted: AbortSignal,
): Promise<void> {
  // The engine looks for a native plugin on PATH.
  process.env.PATH = [join(ROOT, "plugin-dist"), process.env.PATH].join(delimiter);
  const engine = await findEngine(console.log, interrupted);
  const { contenders, notes } = available();
  const turns = [...Array(rounds).keys()].flatMap((round) => sizes.map((size) => ({ size, round })));
  if (growth > 0) turns.push({ size: growth, round: 0 });
  const allSizes = [...new Set(turns.map(({ size }) => size))];
  const samples: Sample[] = [];
  await withServer(1_000_000, async (server) => {
    for (const { size, round } of turns) {
      // Each round begins with another contender, so that none always has the same place.
      const first = round % contenders.length;
      for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
        interrupted.throwIfAborted();
        console.log(`engine: round ${round + 1} of ${rounds}, ${size} resources, (${contender})`);
        const values = await upAndDown(engine, server, contender, size);
        samples.push({ table: "engine", who: contender, size, round, values });
        keep({ rounds, sizes: allSizes, notes, samples });
      }
    }
  });
}

/** The contenders that can run on this machine, and a note on each of the others. */
function available(): { contenders: Contender[]; notes: string[] } {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const missing = (name: string) => !folders.some((folder) => existsSync(join(folder, name)));
  const notes: string[] = [];
  const noPlugin = missing("pulumi-resource-huaweicloud-sessions");
  if (noPlugin) notes.push("(n) was not measured: the bundle is not built.");
  const noCurl = ["pulumi-resource-command", "curl"].filter(missing).join(" and ");
  if (noCurl) notes.push(`(d) was not measured: ${noCurl} is not on PATH.`);
  for (const note of notes) console.log(note);
  const all: Contender[] = ["a", "n", "b", "c", "d"];
  return { contenders: all.filter((one) => !notes.some((note) => note.startsWith(`(${one})`))), notes };
}

/** A stack's up, second up and destroy. */
async function upAndDown(engine: StackOptions["engine"], server: Server, contender: Contender, size: number) {
  const { target, env } = server;
  const options = { engine, projectName: "bench", workDir: ROOT, program: async () => {}, env };
  return withStack(options, async (stack) => {
    const job = { ...jobOf(stack), contender, size, target };
    const sessions = contender === "b" ? 0 : size;
    const up = await act({ ...job, action: "up" }, server, sessions);
    const fullBytes = await stateBytes(stack);
    const again = await act({ ...job, action: "up" }, server, sessions);
    const destroy = await act({ ...job, action: "destroy" }, server, 0);
    const actions = [up, again, destroy];
    const total = (key: keyof Usage) => actions.reduce((sum, action) => sum + action[key], 0);
    const peakMib = (key: keyof Usage) => Math.max(...actions.map((action) => action[key])) / 2 ** 20;
    return {
      ...columnsOf("up", up),
      ...columnsOf("second up", again),
      ...columnsOf("destroy", destroy),
      "engine's share of CPU": total("engineCpuSeconds") / total("cpuSeconds"),
      // An empty stack has a state as well.
      "state of each, bytes": (fullBytes - (await stateBytes(stack))) / size,
      "engine, MiB": peakMib("engineBytes"),
      "provider, MiB": peakMib("providerBytes"),
    };
  });
}

function columnsOf(name: string, { seconds, cpuSeconds, requests }: Action): Record<string, number> {
  return { [`${name}, s`]: seconds, [`${name}, CPU s`]: cpuSeconds, [`${name}, requests`]: requests };
}

interface Action extends Usage {
  seconds: number;
  requests: number;
}

function jobOf(stack: Stack): Pick<Job, "stackName" | "projectName" | "workspace" | "engineRoot"> {
  const { envVars, pulumiHome, pulumiCommand, workDir } = stack.workspace;
  // The Automation API takes a folder that holds bin/pulumi, or the engine on PATH.
  const engineRoot = pulumiCommand.command === "pulumi" ? undefined : dirname(dirname(pulumiCommand.command));
  const workspace = { workDir, pulumiHome, envVars: { ...envVars } };
  return { stackName: stack.name, projectName: "bench", workspace, engineRoot };
}

async function act(job: Job, server: Server, expected: number): Promise<Action> {
  const before = server.requests();
  return withChild("program", job, process.env, async (child) => {
    await reply(child);
    const { result: seconds, ...usage } = await withUsage(child.pid ?? 0, () => reply<number>(child));
    const open = server.openSessions();
    // A contender that skipped its work would win.
    if (open !== expected) throw new Error(`${open} sessions are open after ${job.action}, not ${expected}.`);
    return { seconds, requests: server.requests() - before, ...usage };
  });
}

async function stateBytes(stack: Stack): Promise<number> {
  const folder = join(fileURLToPath(stack.workspace.envVars.PULUMI_BACKEND_URL ?? ""), ".pulumi", "stacks");
  const files = await readdir(folder, { recursive: true });
  const file = files.find((name) => name.endsWith(`${stack.name.split("/").at(-1)}.json`));
  if (file === undefined) throw new Error(`The stack ${stack.name} has no state on disk.`);
  return (await stat(join(folder, file))).size;
}
