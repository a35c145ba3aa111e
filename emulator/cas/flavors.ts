import { type SetCookie, stringifySetCookie } from "cookie";
import type { CasFlavor } from "./choices";

type CookieAttributes = Readonly<Omit<SetCookie, "value">>;

/** What differs between the generations of CAS. */
export interface Flavor {
  /** Attributes of the cookie that holds the session, the ticket-granting cookie. */
  cookie: CookieAttributes;
  /** Whether that cookie is encrypted, so that nothing in it tells what it is. */
  encryptsCookie: boolean;
  /** Cookies that a good login clears before it sets its own. */
  clearedOnLogin: readonly string[];
  /** Cookies that a logout clears beside the session's. */
  clearedOnLogout: readonly string[];
  /** Whether GET of the form clears the session cookie. */
  clearsOnForm: boolean;
  /** The cookie of the HTTP session that a form belongs to; none if the form carries its own state. */
  formCookie: string | undefined;
  /** Whether forms hold a login ticket, `lt`, and are good for one try; else they carry their own state. */
  loginTicket: boolean;
  /** Whether a server that confirms logouts asks those without a session too, and fails over an ended one. */
  confirmsWithoutSession: boolean;
  deniedStatus: number;
  unregisteredStatus: number;
  /** Whether the session is bound to the User-Agent and address that logged in. */
  pinned: boolean;
  /** Whether a stale form comes back with the password in a hidden input. */
  echoesStaleFields: boolean;
  /** Whether wrong passwords lock the user. */
  locksUser: boolean;
  /** Whether a lock is shown above the login form, or by a page of its own. */
  showsLockOnForm: boolean;
  /** Whether any cookie, even a made-up one, gets "Log In Successful" where no service is given. */
  believesAnyCookie: boolean;
  /** Whether a logout with a JSON body ends the session and then fails. */
  failsOnJsonLogout: boolean;
}

const mrs: Flavor = {
  cookie: { name: "CASTGC", path: "/cas/", secure: true },
  encryptsCookie: false,
  clearedOnLogin: ["CASPRIVACY"],
  clearedOnLogout: [],
  clearsOnForm: false,
  formCookie: "casSessionId",
  loginTicket: true,
  confirmsWithoutSession: false,
  deniedStatus: 200,
  unregisteredStatus: 200,
  pinned: false,
  echoesStaleFields: false,
  locksUser: true,
  showsLockOnForm: true,
  believesAnyCookie: false,
  failsOnJsonLogout: false,
};

const apereo: Flavor = {
  cookie: { name: "TGC", path: "/cas", secure: true, httpOnly: true },
  encryptsCookie: true,
  clearedOnLogin: [],
  clearedOnLogout: ["CASPRIVACY"],
  clearsOnForm: true,
  formCookie: undefined,
  loginTicket: false,
  confirmsWithoutSession: true,
  deniedStatus: 401,
  unregisteredStatus: 403,
  pinned: true,
  echoesStaleFields: true,
  locksUser: false,
  showsLockOnForm: false,
  believesAnyCookie: false,
  failsOnJsonLogout: false,
};

const flavors: Readonly<Record<CasFlavor, Flavor>> = {
  mrs,
  apereo,
  jasig: {
    ...mrs,
    formCookie: "JSESSIONID",
    locksUser: false,
    believesAnyCookie: true,
    failsOnJsonLogout: true,
  },
};

/** A flavor, with another name for its cookie where one is given. */
export function flavorOf(name: CasFlavor, cookieName?: string): Flavor {
  const flavor = flavors[name];
  return { ...flavor, cookie: { ...flavor.cookie, name: cookieName ?? flavor.cookie.name } };
}

const plain = { encode: (value: string) => value };

/** A Set-Cookie header with the value as it is. */
export function setCookie(cookie: CookieAttributes, value: string): string {
  return stringifySetCookie({ ...cookie, value }, plain);
}

/** A Set-Cookie header that makes a browser forget the cookie. */
export function expireCookie(cookie: CookieAttributes): string {
  return stringifySetCookie({ ...cookie, value: "", maxAge: 0, expires: new Date(0) }, plain);
}
