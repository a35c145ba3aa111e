import { join } from "node:path";
import { codeOf } from "./markdown";

const PAGE = join(__dirname, "../../docs/testing.md");

/** The files on the page about testing, by what their first line says: a name, and where there are several, for whom. */
export function snippets(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const code of codeOf(PAGE)) {
    const [first = "", ...rest] = code.split("\n");
    const name = /^\/\/ (\S+\.[jt]s(?: \(\w+\))?)$/.exec(first)?.[1];
    if (name !== undefined) found.set(name, rest.join("\n"));
  }
  return found;
}

/** One of them, which must be there. */
export function snippet(name: string): string {
  const text = snippets().get(name);
  if (text === undefined) throw new Error(`docs/testing.md has no block that begins with // ${name}`);
  return text;
}
