import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENT, OURS } from "../../provider/config/names";
import { assumeRoleArgs, type Definition, PACKAGE, providerArgs } from "../../provider/definitions";
import type { Docs } from "./docstrings";
import { assumeRoleDocs, providerDocs } from "./documentation";
import { examples, onPage } from "./examples";

const ROOT = join(__dirname, "../..");

/** What the pages of the Pulumi Registry hold between `<!-- NAME -->` and `<!-- /NAME -->`. */
const PARTS: readonly (readonly [page: string, name: string, part: () => string])[] = [
  ["docs/_index.md", "example", () => examples.WebCliCommand.slice(0, 1).map(onPage).join()],
  ["docs/installation-configuration.md", "configuration", configuration],
];

/** The pages, with what they hold now. */
export function filledPages(): Record<string, string> {
  const pages = PARTS.map(([file, name, part]) => {
    const page = readFileSync(join(ROOT, file), "utf8");
    return [file, filled(page, name, part())];
  });
  return Object.fromEntries(pages);
}

function filled(page: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`a page has no part ${begin} … ${end}`);
  return `${page.slice(0, before)}${begin}\n\n${part}\n\n${page.slice(after)}`;
}

/** Every key of the stack's configuration, and what else sets it. */
function configuration(): string {
  const { assumeRole, ...others } = providerArgs;
  return [
    "| Key | What it is | Secret | Default | Environment variables |",
    "|---|---|---|---|---|",
    ...rowsOf({ ...others, assumeRole }, providerDocs),
    ...rowsOf(assumeRoleArgs, assumeRoleDocs),
  ].join("\n");
}

function rowsOf(args: Definition["args"], docs: Docs): string[] {
  return Object.entries(args).map(([name, { secret }]) => {
    const key = String(Object.entries(OURS).find(([setting]) => setting === name)?.[1]);
    const doc = docs[name];
    const cells = [`\`${key.replace(`${PACKAGE}:`, "")}\``, doc?.text, secret ? "yes" : "", doc?.default];
    return `| ${[...cells, variablesOf(name)].join(" | ")} |`.replaceAll("  ", " ");
  });
}

function variablesOf(name: string): string {
  const variables = ENVIRONMENT.flatMap((names) =>
    Object.entries(names).flatMap(([setting, variable]) => (setting === name ? variable : [])),
  );
  return variables.map((variable) => `\`${variable}\``).join(", ");
}
