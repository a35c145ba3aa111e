import * as pulumi from "@pulumi/pulumi";
import { notReadable, registration } from "./registration";

/** The arguments of a {@link CasSession}: a user name with its password, or the cookie of an open session. */
export interface CasSessionArgs {
  /**
   * The URL of the CAS, for MRS Manager `https://HOST:20009/cas`: https, or http to a loopback address. Required. Not
   * secret. Changing it replaces the session.
   *
   * https://docs.otc.t-systems.com/map-reduce-service/api-ref/mrs_manager_cas_apis.html
   */
  casUrl: pulumi.Input<string>;
  /**
   * The name of the user who logs in. Needs `password`; excludes `ticketGrantingCookie`. Not secret. Changing it replaces
   * the session.
   *
   * @default none: adopt `ticketGrantingCookie`
   */
  username?: pulumi.Input<string | undefined>;
  /**
   * The user's password. A wrong one is sent once, because five failed logins lock the account for five minutes. Secret:
   * encrypted in state, even if the program passes plain text. Changing it replaces the session.
   *
   * @default none: adopt `ticketGrantingCookie`
   */
  password?: pulumi.Input<string | undefined>;
  /**
   * The ticket-granting cookie of a session that is already open, as `NAME=VALUE`. The session is adopted instead of
   * logging in, and is logged out on destroy. Secret: encrypted in state, even if the program passes plain text. Changing
   * it replaces the session; while it stays the same, only another `casUrl` does. An adopted session that has expired is
   * not opened again.
   *
   * @default none: log in
   */
  ticketGrantingCookie?: pulumi.Input<string | undefined>;
  /**
   * The URL of the application to log in to, for MRS Manager `https://HOST:28443/web/cas_security_check.htm`. With it, the
   * server can tell for certain whether the session is alive, and the session is kept alive during an update. Not
   * secret. Changing it replaces the session.
   *
   * @default none
   */
  service?: pulumi.Input<string | undefined>;
  /**
   * The `User-Agent` of every request: one line of printable ASCII. A server may pin a session to it, so to adopt a
   * session, pass the one that it was opened with. Not secret. Changing it replaces the session.
   *
   * @default `pulumi-huaweicloud-sessions`
   */
  userAgent?: pulumi.Input<string | undefined>;
  /**
   * The only authorities to trust: the text of their certificates in PEM format, not a path, and without a private key.
   * For a self-signed certificate, as MRS Manager has it, pass the certificate itself. Combined with
   * `certificateFingerprint`, both must hold. Not secret. Changing it updates the session in place: every later request
   * uses it, the logout included.
   *
   * @default the authorities that Node.js trusts
   */
  caCertificate?: pulumi.Input<string | undefined>;
  /**
   * The SHA-256 fingerprint of the server's certificate: 64 hexadecimal digits, with or without colons, or the line that
   * `openssl x509 -noout -fingerprint -sha256` prints. Nothing is sent to a server with another certificate. Not secret.
   * Changing it updates the session in place: every later request uses it, the logout included.
   *
   * @default none
   */
  certificateFingerprint?: pulumi.Input<string | undefined>;
  /**
   * Whether `pulumi up` opens a new session when this one has expired. MRS Manager ends a session after 20 idle minutes,
   * and after 8 hours. Not secret. Changing it replaces nothing.
   *
   * @default true
   */
  reopenWhenExpired?: pulumi.Input<boolean | undefined>;
  /**
   * Any strings. A change replaces the session, unless it was adopted. Not secret, unless the program passes a secret.
   *
   * @default none
   */
  triggers?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/**
 * A session of the CAS single sign-on of an MRS Manager: logged in on create, logged out on delete. A create fails if the
 * server sets no ticket-granting cookie. A delete fails if it can't confirm that the session ended.
 *
 * https://docs.otc.t-systems.com/map-reduce-service/api-ref/mrs_manager_cas_apis/logging_out_of_the_cas.html
 */
export class CasSession extends pulumi.CustomResource {
  /** The ticket-granting cookie as `NAME=VALUE`. Whoever sends it is logged in as the user. Secret. */
  declare readonly ticketGrantingCookie: pulumi.Output<string>;
  /** The `User-Agent` that the session was opened with, and has to be used with. Not secret. */
  declare readonly userAgent: pulumi.Output<string>;
  /** When the session was opened or adopted: ISO 8601, UTC. Not secret. */
  declare readonly openedAt: pulumi.Output<string>;

  /** Throws: a session can't be looked up by an ID. Instead, pass `ticketGrantingCookie` to the constructor to take over an open session. */
  static get(name: string): never {
    throw notReadable("CasSession", name);
  }

  constructor(name: string, args: CasSessionArgs, opts?: pulumi.CustomResourceOptions) {
    super(...registration("CasSession", name, args, opts));
  }
}
