import { Tokenizer } from "htmlparser2";

export type Attributes = ReadonlyMap<string, string>;

/** Gets what a browser shows of a page, in order. Names are in lower case. */
export interface Reader {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  text(piece: string): void;
}

const ignore = () => {};

/**
 * Reads tags as they come. A tree by the HTML standard would tell a little better what is shown, but takes seconds for
 * 100 KB of unclosed tags, and a hostile page must not stop the process.
 */
export function readShown(page: string, reader: Reader): void {
  const hidden = new HiddenParts();
  let tag = "";
  let name = "";
  let attributes = new Map<string, string>();
  const slice = (start: number, end: number) => page.slice(start, end);
  const append = (piece: string) => attributes.set(name, (attributes.get(name) ?? "") + piece);
  const text = (piece: string) => hidden.isOpen || reader.text(piece);
  const opened = (closesItself: boolean) =>
    hidden.open(tag, attributes, closesItself) || reader.open(tag, attributes);
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = slice(start, end).toLowerCase();
        attributes = new Map();
      },
      onattribname(start, end) {
        const given = slice(start, end).toLowerCase();
        // The first of two attributes of one name counts.
        name = attributes.has(given) ? "" : given;
      },
      onattribdata: (start, end) => append(slice(start, end)),
      onattribentity: (codePoint) => append(String.fromCodePoint(codePoint)),
      onattribend: () => append(""),
      onopentagend: () => opened(false),
      onselfclosingtag: () => opened(true),
      onclosetag(start, end) {
        const closed = slice(start, end).toLowerCase();
        if (!hidden.close(closed)) reader.close(closed);
      },
      ontext: (start, end) => text(slice(start, end)),
      ontextentity: (codePoint) => text(String.fromCodePoint(codePoint)),
      ...{ oncdata: ignore, oncomment: ignore, ondeclaration: ignore, onprocessinginstruction: ignore },
      onend: ignore,
    },
  );
  tokenizer.write(page);
  tokenizer.end();
}

/** A browser reads what these hold as text, up to the first end tag of that name. */
const TEXT = new Set("iframe noembed noframes noscript plaintext script style textarea xmp".split(" "));

/** What these hold is no part of the page, or never a form on it. */
const INERT = new Set(["math", "select", "svg", "template"]);

/** These hold nothing. */
const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));

/** Whether the reading is at something that a browser does not show. */
class HiddenParts {
  /** The name of the element that hides what follows. */
  private by = "";
  /** How many elements of that name are open. */
  private depth = 0;

  get isOpen(): boolean {
    return this.depth > 0;
  }

  /** Takes an opening tag, and tells whether it is hidden. */
  open(tag: string, attributes: Attributes, closesItself: boolean): boolean {
    if (this.isOpen) {
      if (tag === this.by && !TEXT.has(tag)) this.depth += 1;
      return true;
    }
    const isInert = TEXT.has(tag) || INERT.has(tag);
    if (!isInert && !attributes.has("hidden") && (tag !== "dialog" || attributes.has("open"))) return false;
    const isEmpty = VOID.has(tag) || (closesItself && (tag === "svg" || tag === "math"));
    if (!isEmpty) [this.by, this.depth] = [tag, 1];
    // These are shown without what they hold.
    return attributes.has("hidden") || (tag !== "select" && tag !== "textarea");
  }

  /** Takes an end tag, and tells whether it is hidden. */
  close(tag: string): boolean {
    if (!this.isOpen) return false;
    if (tag === this.by) this.depth -= 1;
    return true;
  }
}
