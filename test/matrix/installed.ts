import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { openSessions } from "../support/emulator";
import { type Bag, Host } from "../support/host";
import { configOf } from "../support/lifecycles";
import { type Job, makeProject, npmInstall, run, tool, typecheck, type Workshop } from "./workshop";

/** One way to have the package. */
interface Cell {
  /** `pnp` is Yarn 4 without node_modules. */
  manager: "npm" | "pnpm" | "yarn" | "pnp";
  /** The Node.js that runs it: this one, or a major version from the npm package of Node.js. */
  node: "this" | "22" | "24";
  /** The version of @pulumi/pulumi. */
  pulumi: string;
  /** Whether to install that version even if the package says that it does not work with it. */
  undeclared?: boolean;
}

/** The first whose dynamic-provider host hands over the stack's config, so the oldest that works. */
const OLDEST = "3.139.0";
/** The newest that declares Node.js 20; later ones want 22. */
export const NEWEST_FOR_20 = "3.248.0";
const NEWEST = "3.270.0";

const CELLS: readonly Cell[] = [
  { manager: "npm", node: "this", pulumi: OLDEST },
  { manager: "npm", node: "this", pulumi: NEWEST_FOR_20 },
  { manager: "npm", node: "22", pulumi: NEWEST },
  { manager: "npm", node: "24", pulumi: NEWEST },
  { manager: "npm", node: "24", pulumi: OLDEST },
  { manager: "pnpm", node: "this", pulumi: NEWEST_FOR_20 },
  { manager: "pnpm", node: "24", pulumi: NEWEST },
  { manager: "yarn", node: "this", pulumi: NEWEST_FOR_20 },
  { manager: "pnp", node: "this", pulumi: NEWEST_FOR_20 },
];

/** How TypeScript finds modules, with the kind of module that goes with it. */
const RESOLUTIONS = { node10: "commonjs", node16: "node16", bundler: "esnext" };

const PNP_SETTINGS = "nodeLinker: pnp\nenableTelemetry: false\nenableScripts: false\n";

/** Installs the package as the cell says, and has it open and end sessions in the real host. */
function installed(cell: Cell): Job {
  const name = `${cell.manager}, Node.js ${cell.node}, @pulumi/pulumi ${cell.pulumi}`;
  return { name, run: (folder, workshop) => check(cell, folder, workshop) };
}

export const INSTALLED: readonly Job[] = CELLS.map(installed);

/** The package beside any version of @pulumi/pulumi. */
export const besidePulumi = (pulumi: string): Job =>
  installed({ manager: "npm", node: "this", pulumi, undeclared: true });

async function check(cell: Cell, folder: string, workshop: Workshop): Promise<void> {
  await makeProject(folder);
  await install(cell, folder, workshop);
  await cp(join(__dirname, "project"), folder, { recursive: true });
  const [command = "", ...args] = launcher(cell, workshop);
  await run(command, [...args, "import.mjs"], folder);
  const texts: unknown = JSON.parse(await run(command, [...args, "register.cjs"], folder));
  await lifeOfBoth(folder, [command, ...args, "host.cjs"], Object(texts));
  // Without node_modules it takes a TypeScript that Yarn has patched.
  if (cell.manager === "pnp") return;
  for (const resolution of Object.entries(RESOLUTIONS)) await typecheck(folder, ["types.ts"], resolution);
}

/** The command that runs a file; with Plug'n'Play, as Yarn's own `yarn node` does. */
function launcher({ manager, node }: Cell, workshop: Workshop): string[] {
  if (manager === "pnp")
    return [process.execPath, "--require", "./.pnp.cjs", "--loader", "./.pnp.loader.mjs"];
  return [node === "this" ? process.execPath : tool(workshop, `node${node}/bin/node`)];
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

async function install(cell: Cell, folder: string, workshop: Workshop): Promise<void> {
  const { manager, pulumi, undeclared } = cell;
  const packages = [workshop.tarball, `@pulumi/pulumi@${pulumi}`];
  const add = (path: string, ...flags: string[]) =>
    run(process.execPath, [tool(workshop, path), "add", ...flags, ...packages], folder);
  switch (manager) {
    case "npm":
      await npmInstall(folder, undeclared ? ["--legacy-peer-deps", ...packages] : packages);
      break;
    case "pnpm":
      await add("pnpm/bin/pnpm.cjs", "--prefer-offline");
      break;
    case "yarn":
      await add("yarn/bin/yarn.js", "--ignore-engines", "--prefer-offline");
      break;
    case "pnp":
      await addWithoutModules(folder, workshop, pulumi);
  }
}

async function addWithoutModules(folder: string, workshop: Workshop, pulumi: string): Promise<void> {
  await writeFile(join(folder, ".yarnrc.yml"), PNP_SETTINGS);
  const packages = [`pulumi-huaweicloud-sessions@file:${workshop.tarball}`, `@pulumi/pulumi@${pulumi}`];
  // Yarn 4 does not read npm's settings.
  const registry = (await run("npm", ["config", "get", "registry"], folder)).trim();
  const env = { YARN_NPM_REGISTRY_SERVER: registry };
  await run(process.execPath, [tool(workshop, "berry/bin/yarn.js"), "add", ...packages], folder, env);
}
