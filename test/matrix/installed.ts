import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import { openSessions } from "../support/emulator";
import { type Bag, Host } from "../support/host";
import { configOf } from "../support/lifecycles";
import { type Installation, makeInstalled } from "./project";
import { BUN, type Job, run, tool, tsc, type Workshop } from "./workshop";

/** Where npm's packages of them have the executables. */
const RUNTIMES = {
  "Node.js 22": "node22/bin/node",
  "Node.js 24": "node24/bin/node",
  "Node.js 26": "node26/bin/node",
  Bun: BUN,
};

type Runtime = "this Node.js" | keyof typeof RUNTIMES;

/** One way to have the package, and what runs it there. */
interface Cell extends Installation {
  on: readonly Runtime[];
}

/** The first whose dynamic-provider host hands over the stack's config, so the oldest that works. */
const OLDEST = "3.139.0";
/** The newest that declares Node.js 20; later ones want 22. */
export const NEWEST_FOR_20 = "3.248.0";
export const NEWEST = "3.276.0";

const CELLS: readonly Cell[] = [
  { manager: "npm", pulumi: OLDEST, on: ["this Node.js", "Node.js 24"] },
  { manager: "npm", pulumi: NEWEST_FOR_20, on: ["this Node.js"] },
  { manager: "npm", pulumi: NEWEST, on: ["Node.js 22", "Node.js 24", "Node.js 26"] },
  { manager: "pnpm", pulumi: NEWEST_FOR_20, on: ["this Node.js"] },
  { manager: "pnpm", pulumi: NEWEST, on: ["Node.js 24"] },
  { manager: "yarn", pulumi: NEWEST_FOR_20, on: ["this Node.js"] },
  { manager: "pnp", pulumi: NEWEST_FOR_20, on: ["this Node.js"] },
  { manager: "bun", pulumi: NEWEST, on: ["Bun", "Node.js 24"] },
];

/** Installs the package as the cell says, and has it open and end sessions in the real host. */
function installed(cell: Cell): Job {
  const { manager, pulumi, on } = cell;
  return {
    name: `${manager}, @pulumi/pulumi ${pulumi}, on ${on.join(", ")}`,
    async run(folder, workshop) {
      await makeInstalled(cell, folder, workshop);
      for (const runtime of on) await runsOn(runtime, cell, folder, workshop);
      // Under each way in which TypeScript finds modules. Without node_modules it takes one that Yarn has patched.
      if (manager !== "pnp") await tsc(folder, "--build");
    },
  };
}

export const INSTALLED: readonly Job[] = CELLS.map(installed);

/** The package beside any version of @pulumi/pulumi. */
export const besidePulumi = (pulumi: string): Job =>
  installed({ manager: "npm", pulumi, on: ["this Node.js"], undeclared: true });

/** Imports it, registers its resources, and has the host open and end sessions. */
async function runsOn(runtime: Runtime, cell: Cell, folder: string, workshop: Workshop): Promise<void> {
  const [command = "", ...args] = launcher(runtime, cell, workshop);
  try {
    await run(command, [...args, "import.mjs"], folder);
    const texts: unknown = JSON.parse(await run(command, [...args, "register.cjs"], folder));
    await lifeOfBoth(folder, [command, ...args, "host.cjs"], Object(texts));
  } catch (error) {
    throw new Error(`on ${runtime}: ${error instanceof Error ? error.message : error}`);
  }
}

/** The command that runs a file; with Plug'n'Play, as Yarn's own `yarn node` does. */
function launcher(runtime: Runtime, { manager }: Cell, workshop: Workshop): string[] {
  if (manager === "pnp")
    return [process.execPath, "--require", "./.pnp.cjs", "--loader", "./.pnp.loader.mjs"];
  return [runtime === "this Node.js" ? process.execPath : tool(workshop, RUNTIMES[runtime])];
}

async function lifeOfBoth(folder: string, command: string[], texts: Bag): Promise<void> {
  const emulator = await startEmulator();
  try {
    const host = await Host.start(folder, configOf(emulator), command);
    try {
      await openAndEnd(host, emulator, texts);
    } finally {
      await host.stop();
    }
  } finally {
    await emulator.close();
  }
}

async function openAndEnd(host: Host, emulator: Emulator, texts: Bag): Promise<void> {
  const open = () => openSessions(emulator);
  const { instanceId, redisPassword, casUrl, username, password } = emulator;
  const args = [
    { __provider: texts.WebCliSession, instanceId, password: redisPassword },
    { __provider: texts.CasSession, casUrl, username, password },
  ];
  const created: { id: string; outs: Bag }[] = [];
  for (const news of args) {
    const { inputs, failures } = await host.check(news);
    assert.deepEqual(failures, []);
    created.push(await host.create(inputs));
  }
  assert.deepEqual(open(), [1, 1]);
  for (const { id, outs } of created) await host.delete(id, outs);
  assert.deepEqual(open(), [0, 0]);
}
