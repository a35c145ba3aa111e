import { join } from "node:path";

const EXAMPLES = join(__dirname, "../../examples");

export function exampleFolder(name: string): string {
  return join(EXAMPLES, name);
}

/** Runs an example's program. A module runs once in a process, so each time it needs a fresh one. */
export function runExample(name: string): Record<string, unknown> {
  const folder = exampleFolder(name);
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(folder)) delete require.cache[file];
  }
  return require(folder);
}
