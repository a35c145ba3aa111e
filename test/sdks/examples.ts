import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GO_ENVIRONMENT } from "../../tools/engine/go";
import { run } from "../../tools/engine/run";
import { type Example, examples, type Language } from "../../tools/plugin/examples";
import { REPOSITORY } from "../support/engine";

const ENGINE = join(REPOSITORY, "tools/engine");

const SDK_FOR_GO = "sdk/go/huaweicloudsessions";

/** The examples of all resources. */
export const all: readonly Example[] = Object.values(examples).flat();

/** Writes an example's program as `FOLDER/EXAMPLE/FILE`, and gives the file. */
export async function writeProgram(
  folder: string,
  { name, programs }: Example,
  language: Language,
  file: string,
): Promise<string> {
  const path = join(folder, name, file);
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(path, programs[language]);
  return path;
}

/** Generates the SDKs as Pulumi does, each in a folder with the name of its language. */
export async function generateSdks(folder: string): Promise<void> {
  const schema = join(REPOSITORY, "provider/plugin/schema.json");
  await run("go", ["run", "-mod=readonly", "./sdks", schema, folder], {
    cwd: ENGINE,
    env: GO_ENVIRONMENT,
  });
}

/** Compiles the Go programs in a module that holds the SDK, with the dependencies of the engine. */
export async function compileGo(sdk: string, folder: string): Promise<void> {
  await cp(sdk, join(folder, SDK_FOR_GO), { recursive: true });
  for (const file of ["go.mod", "go.sum"]) await cp(join(ENGINE, file), join(folder, file));
  for (const example of all) await writeProgram(join(folder, "programs"), example, "go", "main.go");
  const options = { cwd: folder, env: GO_ENVIRONMENT };
  const module = "github.com/pulumi-huaweicloud-sessions/pulumi-huaweicloud-sessions";
  await run("go", ["mod", "edit", `-module=${module}`], options);
  // The engine leaves out a few modules that a program needs.
  await run("go", ["vet", "-mod=mod", "./programs/..."], options);
}
