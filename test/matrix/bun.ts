import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { type Emulator, startEmulator } from "../../emulator";
import { findEngine, withStack } from "../../tools/engine";
import { openSessions } from "../support/emulator";
import { configOf, environmentOf } from "../support/engine";
import { NEWEST } from "./installed";
import { makeInstalled } from "./project";
import { BUN, type Job, run, tool } from "./workshop";

/** An operation, what it changes, and how many sessions of each kind are open after it. */
const LIFE: readonly [operation: string, changes: object, open: number[]][] = [
  ["up", { create: 4 }, [1, 1]],
  ["up", { same: 4 }, [1, 1]],
  ["refresh", { same: 4 }, [1, 1]],
  ["destroy", { delete: 4 }, [0, 0]],
];

/**
 * A program in TypeScript that Bun runs, without a language host, which the engine of the Go module proxy comes without.
 * Pulumi runs the dynamic-provider host with the `node` on PATH also for such a program.
 */
export const BUN_PROGRAM: Job = {
  name: "a program on Bun, on the engine",
  async run(folder, workshop) {
    await makeInstalled({ manager: "bun", pulumi: NEWEST }, folder, workshop);
    const bun = tool(workshop, BUN);
    const node = dirname(tool(workshop, "node24/bin/node"));
    const emulator = await startEmulator();
    try {
      const engine = await findEngine(() => {});
      const env = { HUAWEICLOUD_SDK_METADATA_DISABLED: "true" };
      const options = { engine, projectName: "tests", workDir: folder, env, config: configOf(emulator) };
      await withStack({ ...options, program: async () => {} }, async (stack) => {
        for (const [operation, changes, open] of LIFE) {
          const env = programEnvironment(stack, emulator, node);
          const printed = await run(bun, ["automation.ts", operation], folder, env);
          assert.deepEqual(JSON.parse(printed), changes, operation);
          assert.deepEqual(openSessions(emulator), open, operation);
        }
      });
    } finally {
      await emulator.close();
    }
  },
};

function programEnvironment(stack: Stack, emulator: Emulator, node: string): NodeJS.ProcessEnv {
  const env = environmentOf(stack);
  const { instanceId, redisPassword, casUrl, username, password } = emulator;
  return {
    ...env,
    PATH: [node, env.PATH].join(delimiter),
    PROJECT: "tests",
    ARGUMENTS: JSON.stringify({
      cache: { instanceId, password: redisPassword },
      manager: { casUrl, username, password },
    }),
  };
}
