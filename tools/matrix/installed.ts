import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cell } from "./cells";
import { type Job, makeProject, npmInstall, run, tool, typecheck, type Workshop } from "./workshop";

/** How TypeScript finds modules, with the kind of module that goes with it. */
const RESOLUTIONS = { node10: "commonjs", node16: "node16", bundler: "esnext" };

const PNP_SETTINGS = "nodeLinker: pnp\nenableTelemetry: false\nenableScripts: false\n";

/** Installs the package as the cell says, and has it open and end sessions in the real host. */
export function installed(cell: Cell): Job {
  const name = `${cell.manager}, Node.js ${cell.node}, @pulumi/pulumi ${cell.pulumi}`;
  return { name, run: (folder, workshop) => check(cell, folder, workshop) };
}

async function check(cell: Cell, folder: string, workshop: Workshop): Promise<void> {
  await makeProject(folder);
  await install(cell, folder, workshop);
  for (const file of ["check.cjs", "import.mjs", "types.ts"]) {
    await copyFile(join(__dirname, file), join(folder, file));
  }
  const [command, ...args] = launcher(cell, workshop);
  for (const file of ["check.cjs", "import.mjs"]) await run(command, [...args, file], folder);
  // Without node_modules it takes a TypeScript that Yarn has patched.
  if (cell.manager === "pnp") return;
  for (const resolution of Object.entries(RESOLUTIONS)) await typecheck(folder, ["types.ts"], resolution);
}

/** The command that runs a file; Yarn's tells Node.js, and every Node.js that it starts, about Plug'n'Play. */
function launcher({ manager, node }: Cell, workshop: Workshop): [string, ...string[]] {
  if (manager === "pnp") return [process.execPath, tool(workshop, "berry/bin/yarn.js"), "node"];
  return [node === "this" ? process.execPath : tool(workshop, `node${node}/bin/node`)];
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
