import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUN, makeProject, npmInstall, run, tool, type Workshop } from "./workshop";

/** One way to have the package. */
export interface Installation {
  /** `pnp` is Yarn 4 without node_modules. */
  manager: "npm" | "pnpm" | "yarn" | "pnp" | "bun";
  /** The version of @pulumi/pulumi. */
  pulumi: string;
  /** Whether to install that version even if the package says that it does not work with it. */
  undeclared?: boolean;
}

const PNP_SETTINGS = "nodeLinker: pnp\nenableTelemetry: false\nenableScripts: false\n";

/** Makes a project that has the package installed in that way, with the programs of `project`. */
export async function makeInstalled(how: Installation, folder: string, workshop: Workshop): Promise<void> {
  await makeProject(folder);
  await install(how, folder, workshop);
  await cp(join(__dirname, "project"), folder, { recursive: true });
}

async function install(how: Installation, folder: string, workshop: Workshop): Promise<void> {
  const { manager, pulumi, undeclared } = how;
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
    case "bun":
      await run(tool(workshop, BUN), ["add", ...packages], folder);
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
