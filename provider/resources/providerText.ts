import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ResourceName } from "../definitions";

const PACKAGE = "pulumi-huaweicloud-sessions";
const ENTRY = `${PACKAGE}/lifecycle`;

/**
 * The text by which the dynamic-provider host finds the code that runs a resource. It stays in state and must
 * load for ever; being one line that only finds the installed package, it never goes stale.
 *
 * The host runs in the project's folder and finds what is installed there. Where the package is a dependency of a
 * library, the text goes by way of that library. It holds no version and no path of this machine.
 */
export function providerText(resource: ResourceName, hops: readonly string[] = route(process.cwd())): string {
  const from =
    hops.length === 0
      ? "process.cwd()+'/'"
      : `${JSON.stringify(hops)}.reduce((at,to)=>require('fs').realpathSync(at+'/'+to),process.cwd())+'/'`;
  return `exports.handler=()=>require('module').createRequire(${from})('${ENTRY}').${resource}`;
}

/** From the project's folder to the one from which this package is found; empty where that is the same. */
function route(project: string): readonly string[] {
  const own = packageRoot(__dirname);
  const found = packageFrom(project);
  if (found !== undefined && found === own) return [];
  const hops = own === undefined ? undefined : searchLibraries(project, own);
  if (hops) return hops;
  // Only a language host tells where the project is. The host of an inline program runs in its `workDir`.
  if (found === undefined && isAbsolute(pulumi.getRootDirectory())) throw notFound(project);
  return [];
}

function notFound(project: string): pulumi.RunError {
  const manifest = join(project, "package.json");
  return new pulumi.RunError(
    `Pulumi can't find the package \`${PACKAGE}\` from the project's folder: add it to the dependencies in ${manifest}, and install them.`,
  );
}

interface Library {
  folder: string;
  hops: readonly string[];
}

/** Follows the dependencies of the project, the nearest first, to one that finds this very package. */
function searchLibraries(project: string, own: string): readonly string[] | undefined {
  const queue: Library[] = [{ folder: project, hops: [] }];
  const seen = new Set<string>();
  for (const { folder, hops } of queue) {
    if (hops.length > 0 && packageFrom(folder) === own) return hops;
    // The project's package.json may be further up than its program.
    const manifests = hops.length === 0 ? withParents(folder) : [folder];
    for (const name of manifests.flatMap(dependenciesOf)) {
      const link = installed(folder, name);
      if (link === undefined || seen.has(realpathSync(link))) continue;
      seen.add(realpathSync(link));
      const hop = relative(folder, link).split(sep).join("/");
      queue.push({ folder: realpathSync(link), hops: [...hops, hop] });
    }
  }
  return undefined;
}

function withParents(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}

function dependenciesOf(folder: string): string[] {
  const manifest = readManifest(folder);
  const kinds = [manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies];
  if (!folder.split(sep).includes("node_modules")) kinds.push(manifest.devDependencies);
  return kinds.flatMap((names) => (typeof names === "object" && names !== null ? Object.keys(names) : []));
}

/** Where a dependency is installed, before links are followed. */
function installed(folder: string, name: string): string | undefined {
  const paths = createRequire(`${folder}/`).resolve.paths(name) ?? [];
  return paths.map((path) => join(path, name)).find((path) => existsSync(join(path, "package.json")));
}

/** The root of the copy of this package that code in a folder finds. */
function packageFrom(folder: string): string | undefined {
  try {
    return packageRoot(createRequire(`${folder}/`).resolve(ENTRY));
  } catch {
    return undefined;
  }
}

function packageRoot(path: string): string | undefined {
  const parent = dirname(path);
  if (readManifest(path).name === PACKAGE) return realpathSync(path);
  return parent === path ? undefined : packageRoot(parent);
}

/** Empty where there is none, as in most folders on the way up to a package's root. */
function readManifest(folder: string): Record<string, unknown> {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof manifest === "object" && manifest !== null ? { ...manifest } : {};
  } catch {
    return {};
  }
}
