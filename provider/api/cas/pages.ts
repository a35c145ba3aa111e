import { parseSetCookie } from "cookie";
import { Tokenizer } from "htmlparser2";

/** A form on a CAS page: what it wants sent back, and what it wants typed. */
export interface Form {
  /** The names and values of its hidden inputs. */
  hidden: Record<string, string>;
  /** Where it is to be sent, as the page has it. */
  action: string;
  asksForPassword: boolean;
}

const ignore = () => {};

/**
 * The forms of a page, in order. Reads tags as they come, without a tree: stray and unclosed tags cost no more
 * than others.
 */
export function parseForms(page: string): Form[] {
  const forms: Form[] = [];
  let open: Form | undefined;
  let tag = "";
  let name = "";
  let attributes = new Map<string, string>();
  const text = (start: number, end: number) => page.slice(start, end);
  const endOpeningTag = () => {
    if (tag === "form" && !open) {
      open = { hidden: {}, action: attributes.get("action") ?? "", asksForPassword: false };
      forms.push(open);
    }
    if (tag === "input" && open) addInput(open, attributes);
  };
  const append = (piece: string) => attributes.set(name, (attributes.get(name) ?? "") + piece);
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = text(start, end).toLowerCase();
        attributes = new Map();
      },
      onattribname(start, end) {
        const given = text(start, end).toLowerCase();
        // The first of two attributes of one name counts.
        name = attributes.has(given) ? "" : given;
      },
      onattribdata: (start, end) => append(text(start, end)),
      onattribentity: (codePoint) => append(String.fromCodePoint(codePoint)),
      onattribend: () => append(""),
      onopentagend: endOpeningTag,
      onselfclosingtag: endOpeningTag,
      onclosetag(start, end) {
        if (text(start, end).toLowerCase() === "form") open = undefined;
      },
      ...{ oncdata: ignore, oncomment: ignore, ondeclaration: ignore, onprocessinginstruction: ignore },
      ...{ onend: ignore, ontext: ignore, ontextentity: ignore },
    },
  );
  tokenizer.write(page);
  tokenizer.end();
  return forms;
}

function addInput(form: Form, attributes: ReadonlyMap<string, string>): void {
  const kind = attributes.get("type")?.toLowerCase();
  const name = attributes.get("name");
  if (kind === "password") form.asksForPassword = true;
  if (kind === "hidden" && name) form.hidden[name] = attributes.get("value") ?? "";
}

/**
 * The CAS's own login form: it asks for a password, holds the ticket of one login attempt (`lt` before CAS 5,
 * `execution` since), and goes back to the same server. A form of another single sign-on in front has none.
 */
export function loginForm(forms: readonly Form[], casUrl: string): Form | undefined {
  return forms.find(
    ({ asksForPassword, hidden, action }) =>
      asksForPassword && ("lt" in hidden || "execution" in hidden) && isSameServer(action, casUrl),
  );
}

function isSameServer(action: string, casUrl: string): boolean {
  return URL.canParse(action, casUrl) && new URL(action, casUrl).host === new URL(casUrl).host;
}

/** The cookies that answers set, as `NAME=VALUE`, the last one of each name. */
export function cookiesIn(setCookies: readonly string[]): string[] {
  const cookies = new Map<string, [name: string, value: string]>();
  for (const { name, value, path, domain, over } of setCookies.map(parse)) {
    // One with another path is another cookie: https://www.rfc-editor.org/rfc/rfc6265#section-5.3
    const key = JSON.stringify([name, path, domain]);
    // Servers clear a cookie by setting it empty or over.
    if (over || !value) cookies.delete(key);
    else cookies.set(key, [name, value]);
  }
  return [...new Map(cookies.values())].map(([name, value]) => `${name}=${value}`);
}

/** `CASTGC` on older servers, `TGC` on newer ones, or what an administrator called it: its value tells. */
export function isTicketGranting(cookie: string): boolean {
  return /^(CASTGC|TGC)=|^[^=]+="?TGT-/.test(cookie);
}

export function nameOf(cookie: string): string {
  return cookie.slice(0, cookie.indexOf("="));
}

function parse(setCookie: string) {
  const cookie = parseSetCookie(setCookie, { decode: (text) => text });
  const { maxAge, expires } = cookie;
  const over = maxAge === undefined ? expires && expires.getTime() <= Date.now() : maxAge <= 0;
  return { ...cookie, over: over === true };
}
