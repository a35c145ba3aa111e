import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findEngine } from "../../../tools/engine";
import { addFolder, cachePath } from "../../../tools/engine/engine";
import { which } from "../../../tools/engine/path";
import { run } from "../../../tools/engine/run";

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
async function builtHost(): Promise<string> {
  const modules = ["go.mod", "go.sum"].map((file) => readFileSync(join(__dirname, file)));
  const digest = createHash("sha256").update(Buffer.concat(modules)).digest("hex");
  const key = `${NAME}-${digest.slice(0, 12)}`;
  if (existsSync(cachePath(key))) return cachePath(key);
  console.log("building Pulumi's YAML host with Go, once: about 20 s to download, 45 s to build");
  return await addFolder(key, async (folder) => {
    const flags = ["-mod=readonly", "-buildvcs=false", "-ldflags", "-s -w"];
    const env = { CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: folder };
    await run("go", ["build", ...flags, "-o", join(folder, NAME), PACKAGE], { cwd: __dirname, env });
  });
}
