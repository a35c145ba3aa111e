import { parseSetCookie } from "cookie";
import type { HttpResponse } from "../http/messages";

/** The cookies that answers set, as `NAME=VALUE`, the last one of each name. */
export function cookiesIn(...responses: Pick<HttpResponse, "setCookies" | "headers">[]): string[] {
  const cookies = new Map<string, [name: string, value: string]>();
  for (const { setCookies, headers } of responses) {
    for (const { name, value, path, domain, isOver } of setCookies.map((text) => parse(text, headers.date))) {
      // One with another path is another cookie: https://www.rfc-editor.org/rfc/rfc6265#section-5.3
      const key = JSON.stringify([name, path, domain]);
      // Servers clear a cookie by setting it empty or over.
      if (isOver || !value) cookies.delete(key);
      else cookies.set(key, [name, value]);
    }
  }
  return [...new Map(cookies.values())].map(([name, value]) => `${name}=${value}`);
}

/** By the server's own clock: this machine's may be hours ahead. */
function parse(setCookie: string, date: string | undefined) {
  const cookie = parseSetCookie(setCookie, { decode: (text) => text });
  const { maxAge, expires } = cookie;
  const sent = Date.parse(date ?? "");
  const now = Number.isNaN(sent) ? Date.now() : sent;
  const isOver = maxAge === undefined ? expires && expires.getTime() <= now : maxAge <= 0;
  return { ...cookie, isOver: isOver === true };
}

/** `CASTGC` on older servers, `TGC` on newer ones, or what an administrator called it: its value tells. */
export function isTicketGranting(cookie: string): boolean {
  return /^(CASTGC|TGC)=|^[^=]+="?TGT-/.test(cookie);
}

export function nameOf(cookie: string): string {
  return cookie.slice(0, cookie.indexOf("="));
}

/**
 * What can be sent back as it came, and what an argument or a state may hold. Apereo CAS encrypts and signs its cookie,
 * which makes 600 to 1,000 characters.
 */
export function isCookie(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]{1,128}=[\x21-\x3a\x3c-\x7e]{1,4096}$/.test(text);
}

/** The ticket-granting cookie that an answer sets in place of another one. */
function successorOf(cookie: string, response: HttpResponse): string | undefined {
  const set = cookiesIn(response).filter((it) => isTicketGranting(it) || nameOf(it) === nameOf(cookie));
  return set.findLast((it) => it !== cookie && isCookie(it));
}

/**
 * Whether an answer comes from another node than the one that the session was opened on: it gives a cookie of the login
 * another value. The ID of an HTTP session changes on the same node as well; the node is in its suffix, where there is one.
 */
export function isFromOtherNode(cookies: string | undefined, response: HttpResponse): boolean {
  const known = new Map(cookies?.split("; ").map((cookie) => [nameOf(cookie), routeIn(cookie)]));
  return cookiesIn(response).some((cookie) => {
    const route = known.get(nameOf(cookie));
    return route !== undefined && route !== routeIn(cookie);
  });
}

/** What of a cookie leads to a node: https://tomcat.apache.org/tomcat-9.0-doc/config/engine.html (jvmRoute) */
function routeIn(cookie: string): string {
  return isHttpSession(cookie) ? cookie.slice(cookie.indexOf(".") + 1 || cookie.length) : cookie;
}

/** The cookie of a servlet container's session; `casSessionId` is MRS Manager's. */
export function isHttpSession(cookie: string): boolean {
  return /^(JSESSIONID|casSessionId)=/i.test(cookie);
}

/**
 * What servers have set in place of a session's cookie while this process ran. Any of them may be the session: a server
 * that changes its cookies, and a stranger in front of it, look the same.
 */
export class Successors {
  private readonly known = new Map<string, string[]>();

  /** The cookie and its successors, the newest last; also those that are noted while a caller goes through them. */
  *versionsOf(cookie: string): Generator<string> {
    for (let at = 0; ; at++) {
      const version = (this.known.get(cookie) ?? [cookie])[at];
      if (version === undefined) return;
      yield version;
    }
  }

  /** Notes an answer to a request with one of the versions. */
  note(cookie: string, response: HttpResponse): void {
    const successor = successorOf(cookie, response);
    const versions = this.known.get(cookie) ?? [cookie];
    if (!successor || versions.includes(successor)) return;
    versions.push(successor);
    for (const version of versions) this.known.set(version, versions);
  }
}
