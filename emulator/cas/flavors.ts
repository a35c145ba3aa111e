import { type SetCookie, stringifySetCookie } from "cookie";

/** What differs between the two generations of CAS. */
export interface Flavor {
  /** Attributes of the cookie that holds the session. */
  readonly cookie: Readonly<Omit<SetCookie, "value">>;
  /** Cookies that a good log-in clears before it sets its own. */
  readonly clearedOnLogin: readonly string[];
  /** Cookies that a log-out clears beside the session's. */
  readonly clearedOnLogout: readonly string[];
  /** Whether GET of the form clears the session cookie. */
  readonly clearsOnForm: boolean;
  /** The cookie of the HTTP session that a form belongs to; none if the form carries its own state. */
  readonly formCookie: string | undefined;
  /** Whether forms hold a login ticket, `lt`, and are good for one try; else they carry their own state. */
  readonly loginTicket: boolean;
  /** Whether a server that confirms log-outs asks those without a session too, and fails over an ended one. */
  readonly confirmsWithoutSession: boolean;
  readonly deniedStatus: number;
  readonly unregisteredStatus: number;
  /** Whether the session is bound to the User-Agent and address that logged in. */
  readonly pinned: boolean;
  /** Whether a stale form comes back with the password in a hidden input. */
  readonly echoesStaleFields: boolean;
  /** Whether wrong passwords lock the user. */
  readonly locksUser: boolean;
}

export const flavors: Readonly<Record<"mrs" | "apereo", Flavor>> = {
  mrs: {
    cookie: { name: "CASTGC", path: "/cas/", secure: true },
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
  },
  apereo: {
    cookie: { name: "TGC", path: "/cas", secure: true, httpOnly: true },
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
  },
};

const plain = { encode: (text: string) => text };

/** A Set-Cookie header with the value as it is. */
export function setCookie(cookie: Readonly<Omit<SetCookie, "value">>, value: string): string {
  return stringifySetCookie({ ...cookie, value }, plain);
}

/** A Set-Cookie header that makes a browser forget the cookie. */
export function expireCookie(cookie: Readonly<Omit<SetCookie, "value">>): string {
  return stringifySetCookie({ ...cookie, value: "", maxAge: 0, expires: new Date(0) }, plain);
}
