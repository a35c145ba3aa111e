import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "./engine";

const run = promisify(execFile);

/** A project of a user's: an empty folder with the packed package installed, as npm does it. */
export interface Project {
  folder: string;
  /** Another folder with the same node_modules and nothing else. */
  elsewhere: string;
  /** Requires as a file of the project would. */
  require: NodeJS.Require;
}

/** Packs and installs the package once for the enclosing suite. */
export function useInstalledPackage(): () => Project {
  let project: Project | undefined;
  let root = "";
  before(async function () {
    this.timeout(120_000);
    root = await mkdtemp(join(tmpdir(), "installed-"));
    project = await install(root);
  });
  after(() => rm(root, { recursive: true, force: true }));
  return () => {
    if (!project) throw new Error("the project is there within tests only");
    return project;
  };
}

async function install(root: string): Promise<Project> {
  const [folder, elsewhere] = [join(root, "project"), join(root, "elsewhere")];
  for (const path of [folder, elsewhere]) await mkdir(path);
  await run("npm", ["pack", "--pack-destination", root], { cwd: REPOSITORY });
  const tarball = (await readdir(root)).find((name) => name.endsWith(".tgz")) ?? "";
  await writeFile(join(folder, "package.json"), '{"name":"project","private":true}\n');
  await run("npm", ["install", "--omit=peer", "--prefer-offline", join(root, tarball)], { cwd: folder });
  // The tests run programs in their own process, so the project shares its one @pulumi/pulumi with them.
  await symlink(join(REPOSITORY, "node_modules/@pulumi"), join(folder, "node_modules/@pulumi"));
  await symlink(join(folder, "node_modules"), join(elsewhere, "node_modules"));
  return { folder, elsewhere, require: createRequire(`${folder}/`) };
}
