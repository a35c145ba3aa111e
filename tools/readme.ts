import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const README = join(resolve(__dirname, ".."), "README.md");

/** The README's files, by what their first line says: a name, and where there are several, for whom. */
export async function snippets(): Promise<ReadonlyMap<string, string>> {
  const blocks = (await readFile(README, "utf8")).matchAll(
    /```(?:ts|js)\n\/\/ (\S+(?: \(\w+\))?)\n(.*?)```/gs,
  );
  return new Map([...blocks].map(([, name = "", text = ""]) => [name, text]));
}

/** One of them, which must be there. */
export async function snippet(name: string): Promise<string> {
  const text = (await snippets()).get(name);
  if (text === undefined) throw new Error(`README.md has no block that begins with // ${name}`);
  return text;
}
