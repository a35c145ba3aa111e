import { readFileSync } from "node:fs";
import markdownIt, { type Token } from "markdown-it";
import { parse } from "node-html-parser";

/** The page's tokens in the order of reading, those within a paragraph included. */
function tokensOf(page: string): Token[] {
  const blocks = markdownIt({ html: true }).parse(readFileSync(page, "utf8"), {});
  return blocks.flatMap((block) => [block, ...(block.children ?? [])]);
}

/** Where a page's links and pictures point. */
export function targetsOf(page: string): string[] {
  return tokensOf(page).flatMap((token) => {
    if (token.type.startsWith("html_")) return htmlTargets(token.content);
    return [token.attrGet("href"), token.attrGet("src")].flatMap((target) => target ?? []);
  });
}

/** The anchors that GitHub gives a page's headings. */
export function anchorsOf(page: string): string[] {
  const tokens = tokensOf(page);
  return tokens.flatMap((token, index) => {
    if (token.type !== "heading_open") return [];
    const text = tokens[index + 1]?.content ?? "";
    return text
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, "")
      .replaceAll(" ", "-");
  });
}

function htmlTargets(html: string): string[] {
  const elements = parse(html).querySelectorAll("[href], [src], [srcset]");
  return elements.flatMap(({ attributes }) => {
    const { href = [], src = [], srcset = [] } = attributes;
    return [href, src, srcset].flat();
  });
}

/** The text of a page's blocks of code and of what stands in backquotes. */
export function codeOf(page: string): string[] {
  return tokensOf(page)
    .filter(({ type }) => type === "fence" || type === "code_inline")
    .map(({ content }) => content);
}

/** A page's blocks of code under one heading, by their language. */
export function blocksUnder(page: string, heading: string): { language: string; code: string }[] {
  const tokens = tokensOf(page);
  const start = tokens.findIndex(
    ({ type }, index) => type === "heading_open" && tokens[index + 1]?.content === heading,
  );
  if (start === -1) throw new Error(`${page} has no heading "${heading}"`);
  const next = tokens.findIndex(({ type }, index) => index > start && type === "heading_open");
  const section = tokens.slice(start, next === -1 ? undefined : next);
  return section.flatMap(({ type, info, content }) =>
    type === "fence" ? [{ language: info, code: content }] : [],
  );
}
