import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { REPOSITORY } from "./engine";

const run = promisify(execFile);
const PACKAGE = "pulumi-huaweicloud-sessions";

/** A project of a user's: an empty folder with the packed package installed, as npm does it. */
export interface Project {
  folder: string;
  /** Another folder: with the same node_modules and nothing else, or not there yet, to move the project to. */
  elsewhere: string;
  /** Requires as a file of the project would. */
  require: NodeJS.Require;
}

/** How npm lays out what it installs; `linked` is the strict layout that pnpm has. */
export type Layout = "hoisted" | "nested" | "linked";

/** Packs and installs the package once for the enclosing suite. */
export function useInstalledPackage(): () => Project {
  return useProject(async (root) => {
    const [folder, elsewhere] = [join(root, "project"), join(root, "elsewhere")];
    await mkdir(elsewhere);
    await install(folder, await pack(REPOSITORY, root), "hoisted");
    await symlink(join(folder, "node_modules"), join(elsewhere, "node_modules"));
    return { folder, elsewhere, require: createRequire(`${folder}/`) };
  });
}

/** The same where only a library, `lib`, depends on the package. */
export function useLibrary(layout: Layout): () => Project {
  return useProject(async (root) => {
    const [folder, elsewhere] = [join(root, "project"), join(root, "renamed")];
    await install(folder, await pack(await makeLibrary(root), root), layout);
    await writeProjectFile(folder);
    return { folder, elsewhere, require: createRequire(`${folder}/`) };
  });
}

/** The same where project and library are workspaces of one repository. */
export function useWorkspaces(layout: Layout): () => Project {
  return useProject(async (root) => {
    const [folder, elsewhere] = [join(root, "infra"), join(root, "renamed")];
    await makeLibrary(root);
    await writePackage(folder, { name: "infra", dependencies: { lib: "1.0.0" } });
    await writePackage(root, { name: "root", workspaces: ["infra", "lib"] });
    await npmInstall(root, layout);
    await writeProjectFile(folder);
    return { folder, elsewhere, require: createRequire(`${folder}/`) };
  });
}

function useProject(make: (root: string) => Promise<Project>): () => Project {
  let project: Project | undefined;
  let root = "";
  before(async function () {
    this.timeout(120_000);
    // Node.js gives real paths, and the temporary folder may be a link.
    root = await realpath(await mkdtemp(join(tmpdir(), "installed-")));
    project = await make(root);
  });
  after(() => rm(root, { recursive: true, force: true }));
  return () => {
    if (!project) throw new Error("the project is there within tests only");
    return project;
  };
}

async function makeLibrary(root: string): Promise<string> {
  const folder = join(root, "lib");
  const sessions = pathToFileURL(await pack(REPOSITORY, root)).href;
  await writePackage(folder, { name: "lib", version: "1.0.0", dependencies: { [PACKAGE]: sessions } });
  await writeFile(join(folder, "index.js"), `module.exports = require("${PACKAGE}");\n`);
  return folder;
}

async function install(folder: string, tarball: string, layout: Layout): Promise<void> {
  await writePackage(folder, { name: "project" });
  await npmInstall(folder, layout, tarball);
}

async function npmInstall(folder: string, layout: Layout, ...packages: string[]): Promise<void> {
  const options = ["--omit=peer", "--legacy-peer-deps", "--prefer-offline", `--install-strategy=${layout}`];
  await run("npm", ["install", ...options, ...packages], { cwd: folder });
  // The tests run programs in their own process, so the project shares its one @pulumi/pulumi with them.
  await symlink(join(REPOSITORY, "node_modules/@pulumi"), join(folder, "node_modules/@pulumi"));
}

/** Without it, an inline program's project would name this process's folder as the place to run in. */
async function writeProjectFile(folder: string): Promise<void> {
  await writeFile(join(folder, "Pulumi.yaml"), "name: tests\nruntime: nodejs\n");
}

async function pack(folder: string, destination: string): Promise<string> {
  // Without the script that bundles the plugin, which nobody uses here: suites that run side by side would write one file.
  const options = ["--silent", "--ignore-scripts", "--pack-destination", destination];
  const { stdout } = await run("npm", ["pack", ...options], { cwd: folder });
  return join(destination, stdout.trim().split("\n").at(-1) ?? "");
}

async function writePackage(folder: string, manifest: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), `${JSON.stringify({ private: true, ...manifest })}\n`);
}
