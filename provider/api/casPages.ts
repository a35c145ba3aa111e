import { parseSetCookie } from "cookie";
import { Parser } from "htmlparser2";

/** A form on a CAS page: what it wants sent back, and what it wants typed. */
export interface Form {
  hidden: Record<string, string>;
  asksForPassword: boolean;
}

/** No form of a CAS comes later; closing tags that nothing opened take the square of their number. */
const PAGE_LENGTH = 256 * 1024;

/** The form of a page: the one that asks for a password where there is one, else the first. */
export function parseForm(page: string): Form | undefined {
  const forms: Form[] = [];
  let open: Form | undefined;
  // Around a table, a form's own end may come when the parser has closed it already, and is not told then.
  let mayBeOver = false;
  // Tags as they come, without a tree: a page that closes none of its tags takes no longer than another.
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === "form" && (!open || mayBeOver)) {
        mayBeOver = false;
        open = { hidden: {}, asksForPassword: false };
        forms.push(open);
      }
      if (tag === "input" && open) addInput(open, attributes);
    },
    onclosetag(tag, implied) {
      if (tag !== "form") return;
      if (implied) mayBeOver = true;
      else open = undefined;
    },
  });
  parser.end(page.slice(0, PAGE_LENGTH));
  return forms.find((form) => form.asksForPassword) ?? forms[0];
}

function addInput(form: Form, { type, name, value = "" }: Record<string, string>): void {
  const kind = type?.toLowerCase();
  if (kind === "password") form.asksForPassword = true;
  if (kind === "hidden" && name) form.hidden[name] = value;
}

/** The cookies that a page sets, to be sent back with its form. */
export function cookieHeader(setCookies: readonly string[]): string {
  return setCookies.flatMap(live).join("; ");
}

/** The cookie of a session that has just been opened: `CASTGC` on older servers, `TGC` on newer ones. */
export function ticketGrantingCookie(setCookies: readonly string[]): string | undefined {
  return setCookies.flatMap(live).findLast((cookie) => /^(CASTGC|TGC)=/.test(cookie));
}

/** `NAME=VALUE`, unless the cookie is empty or already over: servers clear a cookie by setting it so. */
function live(setCookie: string): string[] {
  const { name, value, maxAge, expires } = parseSetCookie(setCookie, { decode: (text) => text });
  const over = maxAge === undefined ? expires && expires.getTime() <= Date.now() : maxAge <= 0;
  return value && !over ? [`${name}=${value}`] : [];
}
