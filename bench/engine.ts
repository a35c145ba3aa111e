import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Stack } from "@pulumi/pulumi/automation";
import { type Engine, withStack } from "../tools/engine";
import { which } from "../tools/engine/path";
import { ROOT, runChild } from "./child";
import type { Contender, Figures } from "./figures";
import type { Job } from "./program";
import { type Server, withServer } from "./server";

export const SIZES = [1, 10, 100];

/** Each contender's up, second up and destroy at each size, once. */
export async function roundOnEngine(
  engine: Engine,
  figures: Figures,
  round: number,
  interrupted: AbortSignal,
): Promise<void> {
  const contenders: Contender[] = ["dynamic", "native", "closures", "empty"];
  if (which("curl") && which("pulumi-resource-command")) contenders.push("curl");
  else console.log("curl in a command is left out: PATH needs curl and pulumi-resource-command.");
  await withServer(async (server) => {
    for (const size of SIZES) {
      // The last one is the first in the next round.
      for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
        interrupted.throwIfAborted();
        console.log(`round ${round + 1}, ${size} resources, ${contender}`);
        const options = {
          engine,
          projectName: "bench",
          workDir: ROOT,
          program: async () => {},
          env: server.env,
        };
        await withStack(options, (stack) => upAndDown(stack, server, { contender, size }, figures));
      }
    }
  });
}

type Turn = Pick<Job, "contender" | "size">;

async function upAndDown(
  stack: Stack,
  server: Server,
  { contender, size }: Turn,
  figures: Figures,
): Promise<void> {
  const env = { ...process.env, ...stack.workspace.envVars, PULUMI_HOME: stack.workspace.pulumiHome };
  const act = async (what: string, action: Job["action"], sessions: number) => {
    const job: Job = { contender, size, action, target: server.target, stackName: stack.name, workDir: ROOT };
    const { seconds = Number.NaN } = await runChild("program", job, env);
    const open = server.openSessions();
    // A contender that skipped its work would win.
    if (open !== sessions) throw new Error(`${open} sessions are open after ${what}, not ${sessions}.`);
    figures.add(`${size}: ${what}`, contender, seconds);
  };
  const sessions = contender === "empty" ? 0 : size;
  await act("up", "up", sessions);
  const full = await stateBytes(stack);
  await act("second up", "up", sessions);
  await act("destroy", "destroy", 0);
  // An empty stack has a state as well.
  figures.add(`${size}: state`, contender, (full - (await stateBytes(stack))) / size);
}

async function stateBytes({ name, workspace }: Stack): Promise<number> {
  const state = fileURLToPath(workspace.envVars.PULUMI_BACKEND_URL ?? "");
  const { name: project } = await workspace.projectSettings();
  return statSync(join(state, ".pulumi/stacks", project, `${name}.json`)).size;
}
