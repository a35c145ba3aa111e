import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { findEngine } from "../../../tools/engine";
import { cachedFolder, keyOf } from "../../../tools/engine/engine";
import { goBuild, moduleFiles } from "../../../tools/engine/go";
import { which } from "../../../tools/engine/path";

const NAME = "pulumi-language-yaml";
const PACKAGE = `github.com/pulumi/pulumi-yaml/cmd/${NAME}`;

/** The folder of Pulumi's host of YAML programs, for the enclosing suite. */
export function useYaml(): () => string {
  let folder = "";
  before(async function () {
    this.timeout(600_000);
    folder = await findHost();
  });
  return () => folder;
}

/** The one on PATH, else the one that the engine comes with, else one that is built. */
async function findHost(): Promise<string> {
  const onPath = which(NAME);
  if (onPath !== undefined) return dirname(onPath);
  const besideEngine = join(dirname((await findEngine(console.log)).path), NAME);
  return existsSync(besideEngine) ? dirname(besideEngine) : await builtHost();
}

/** Built once, in a module of its own: it doesn't compile with the version of Pulumi that the engine is built from. */
function builtHost(): Promise<string> {
  return cachedFolder(keyOf(NAME, moduleFiles(__dirname)), async (folder) => {
    console.log("building Pulumi's YAML host with Go, once: about 20 s to download, 45 s to build");
    await goBuild(__dirname, PACKAGE, folder);
  });
}
