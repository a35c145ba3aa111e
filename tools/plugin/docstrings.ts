import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "../..");

/** The description of each member by its name, and that of the whole by the empty one. */
export type Docs = Readonly<Record<string, string>>;

/** The docstrings of a file's interfaces and classes, as Markdown. */
export function docsIn(file: string): Record<string, Docs> {
  const text = readFileSync(join(ROOT, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declared = source.statements.filter(
    (statement) => ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement),
  );
  return Object.fromEntries(declared.map((declaration) => [declaration.name?.text, docsOf(declaration)]));
}

function docsOf(declaration: ts.InterfaceDeclaration | ts.ClassDeclaration): Docs {
  const members = [...declaration.members].map((member): [string, string] => [
    member.name && ts.isIdentifier(member.name) ? member.name.text : "",
    docOf(member),
  ]);
  const named = members.filter(([name, doc]) => name !== "" && doc !== "");
  return Object.fromEntries([["", docOf(declaration)], ...named]);
}

function docOf(node: ts.Node): string {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const paragraphs = docs.flatMap(({ comment, tags = [] }) => [
    ts.getTextOfJSDocComment(comment) ?? "",
    ...tags
      .filter((tag) => tag.tagName.text === "default")
      .map((tag) => `Default: ${ts.getTextOfJSDocComment(tag.comment)}.`),
  ]);
  return paragraphs.filter(Boolean).map(markdown).join("\n\n");
}

/** Without what only TypeScript's own documentation resolves. */
function markdown(text: string): string {
  return text.replace(/\{@link (\w+?)(Args)?\}/g, "`$1`").replace(/(\S)\n(?=\S)/g, "$1 ");
}
