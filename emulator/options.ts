import type { CasFlavor, CasLoginPage, CasService } from "./cas/choices";
import type { Credentials } from "./credentials";

/** How to start an emulator. Everything has a default; credentials are random. What is secret says so. */
export interface EmulatorOptions extends Partial<Credentials> {
  /** TCP port on 127.0.0.1; 0 takes a free one. @default 0 */
  port?: number;
  /** Serve HTTPS with a fresh self-signed certificate. @default false, or true with one of the next two */
  tls?: boolean;
  /** What the server's certificate names: `ip` is 127.0.0.1, `name` is localhost. @default "both" */
  tlsNames?: "both" | "ip" | "name";
  /** The server's certificate comes from an intermediate CA, which the server sends along. @default false */
  tlsChain?: boolean;
  /**
   * `mrs`: MRS Manager (Jasig CAS 4.0); `jasig`: Jasig CAS 3.5, which without a service shows "Log In Successful" to
   * any cookie, dead ones included, and answers a logout with a JSON body with 500; `apereo`: Apereo CAS 6.6.
   * @default "mrs"
   */
  casFlavor?: CasFlavor;
  /** What stands between a user and a session beside the password. @default "none" */
  casLoginPage?: CasLoginPage;
  /** Seconds in `Retry-After` of a throttled login. @default no such header */
  casRetryAfter?: number;
  /**
   * How CAS treats services: `sso` lets all of `services` in; `no-sso` asks for the password each time
   * (`ssoEnabled=false`); `denied` lacks a right of the user; `unregistered` refuses all with 200; `required` also
   * refuses a login without a service.
   * @default "sso"
   */
  casService?: CasService;
  /** Name of the ticket-granting cookie, as Apereo's `cas.tgc.name`. @default TGC for Apereo, else CASTGC */
  casCookieName?: string;
  /** The ticket-granting cookie changes each time the login page is asked for; the old one is dead. @default false */
  casCookieRotates?: boolean;
  /** CAS nodes behind a balancer with a sticky cookie. They share no sessions. @default 1, without a balancer */
  casNodes?: number;
  /** Idle timeout of both kinds of session in seconds; may have a fraction. @default 300 for Web CLI, 1200 for CAS */
  idleSeconds?: number;
  /** `redis://[user:password@]host:port`: run commands there. It may hold a secret. @default a built-in Redis of a few commands */
  redis?: string;
  /** CAS asks to confirm a logout before it ends the session. @default false */
  confirmLogout?: boolean;
  /** HTTP status of a Web CLI logout for a client id that has ended or never existed; undocumented, so both can be had. @default 400 */
  goneLogout?: 204 | 400;
  /** Services registered with CAS, each exactly as clients send it. @default "any" */
  services?: "any" | readonly string[];
  /** Spelling of DCS error codes: `numeric` is 111400063, `dcs` is DCS.4063. @default "numeric" */
  errorCodes?: "numeric" | "dcs";
  /** Region of the project, and so the name of the project. @default "eu-de" */
  region?: string;
  /** How many projects IAM lists for the region; the first is `projectId`. @default 1 */
  projects?: number;
  /** Whether the cloud server of the metadata service has an agency, and so temporary keys. @default true */
  agency?: boolean;
  /** Agencies that the account has for its own keys. @default "any" */
  agencies?: "any" | readonly string[];
  /** Whether the metadata service wants a token: `none` has no tokens and answers 404. @default "optional" */
  metadataTokens?: "optional" | "required" | "none";
  /** Lifetime of temporary keys in seconds. @default an hour from the metadata service, as requested from IAM */
  temporaryKeySeconds?: number;
  /** Security token that a request signed with `accessKey` must carry; secret. @default none required */
  securityToken?: string;
  /** How many requests `requests()` remembers, the newest. @default 10000 */
  history?: number;
  /** The clock, in milliseconds since the epoch. @default Date.now */
  clock?: () => number;
}

/**
 * Options of which none is unknown. TypeScript itself checks that only where the options are written in the call, not
 * where they come from a variable or a spread.
 */
export type KnownOptions<Given> = Given &
  EmulatorOptions & {
    readonly [Name in Exclude<keyof Given, keyof EmulatorOptions>]: never;
  };
