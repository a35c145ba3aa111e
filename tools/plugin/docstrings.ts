import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "../..");

/** A description as Markdown, and the default of what it describes. */
export interface Doc {
  text: string;
  default?: string | undefined;
}

/** The description of each member by its name, and that of the whole by the empty one. */
export type Docs = Readonly<Record<string, Doc>>;

/** The docstrings of a file's interfaces and classes. */
export function docsIn(file: string): Record<string, Docs> {
  const text = readFileSync(join(ROOT, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declared = source.statements.filter(
    (statement) => ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement),
  );
  return Object.fromEntries(declared.map((declaration) => [declaration.name?.text, docsOf(declaration)]));
}

/** The docs, with those of the others where they say anything; one without a text tells another default only. */
export function overridden(docs: Docs = {}, others: Docs = {}): Docs {
  const changed = Object.entries(others).filter(([, { text, default: other }]) => text || other);
  const entries = changed.map(([name, other]): [string, Doc] => [
    name,
    other.text ? other : { text: docs[name]?.text ?? "", default: other.default },
  ]);
  return { ...docs, ...Object.fromEntries(entries) };
}

function docsOf(declaration: ts.InterfaceDeclaration | ts.ClassDeclaration): Docs {
  const members = [...declaration.members].map((member): [string, Doc] => [
    member.name && ts.isIdentifier(member.name) ? member.name.text : "",
    docOf(member),
  ]);
  const named = members.filter(([name]) => name !== "");
  return Object.fromEntries([["", docOf(declaration)], ...named]);
}

function docOf(node: ts.Node): Doc {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const paragraphs = docs.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "");
  const tags = docs.flatMap((doc) => [...(doc.tags ?? [])]);
  const byDefault = tags.find(({ tagName }) => tagName.text === "default")?.comment;
  return {
    text: paragraphs.map(markdown).join("\n\n"),
    default: byDefault && markdown(ts.getTextOfJSDocComment(byDefault) ?? ""),
  };
}

/** Without what only TypeScript's own documentation resolves. */
function markdown(text: string): string {
  return text.replace(/\{@link (\w+?)(Args)?\}/g, "`$1`").replace(/(\S)\n(?=\S)/g, "$1 ");
}
