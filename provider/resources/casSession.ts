import * as pulumi from "@pulumi/pulumi";
import { asSecret, providerText } from "./host";

/** The arguments of a {@link CasSession}: a user name with its password, or the cookie of an open session. */
export interface CasSessionArgs {
  /**
   * The CAS of the MRS Manager, `https://HOST:20009/cas` (http only to a loopback address). Required, not
   * secret. Changing it replaces the session.
   *
   * https://docs.otc.t-systems.com/map-reduce-service/api-ref/mrs_manager_cas_apis.html
   */
  casUrl: pulumi.Input<string>;
  /**
   * The user to log in; with `password`, and not together with `ticketGrantingCookie`. Not secret. Changing it
   * replaces the session.
   *
   * @default left out: `ticketGrantingCookie` is adopted
   */
  username?: pulumi.Input<string>;
  /**
   * The user's password. Secret: encrypted in state even when it is passed as plain text. It is sent once
   * for each log-in: five wrong passwords lock the user for five minutes. State keeps it among the inputs
   * only. Changing it replaces the session.
   *
   * @default left out: `ticketGrantingCookie` is adopted
   */
  password?: pulumi.Input<string>;
  /**
   * The ticket-granting cookie of a session that is open already, as `NAME=VALUE`: it is adopted instead of
   * logging in, and ended on destroy. Secret: encrypted in state even when it is passed as plain text. Changing
   * it replaces the session. As long as it is the same, only another `casUrl` replaces; an adopted session that
   * has expired is not reopened.
   *
   * @default left out: log in
   */
  ticketGrantingCookie?: pulumi.Input<string>;
  /**
   * The application to log in to, by its URL; for MRS Manager `https://HOST:28443/web/cas_security_check.htm`.
   * With it the server can be asked beyond doubt whether the session is alive. Not secret. Changing it replaces
   * the session.
   *
   * @default none
   */
  service?: pulumi.Input<string>;
  /**
   * The `User-Agent` of every request. A server may pin a session to it: to adopt a session, give the one
   * that it was made with. Printable ASCII in one line. Not secret. Changing it replaces the session.
   *
   * @default `pulumi-huaweicloud-sessions`
   */
  userAgent?: pulumi.Input<string>;
  /**
   * The certificates of the only authorities to trust: the text of their PEM, not its path, and no private key.
   * MRS Manager's own certificate is self-signed: give it here or pin it by `certificateFingerprint`; with both,
   * both have to be right. Not secret. Changing it replaces the session.
   *
   * @default the authorities that Node.js trusts
   */
  caCertificate?: pulumi.Input<string>;
  /**
   * The SHA-256 fingerprint of the server's certificate: 64 hex digits, colons allowed, as
   * `openssl x509 -noout -fingerprint -sha256` prints it after the `=`. No request is written to a server with another
   * certificate. Not secret. Changing it replaces the session.
   *
   * @default none
   */
  certificateFingerprint?: pulumi.Input<string>;
  /**
   * Whether an `up` that finds the session expired opens a new one. MRS Manager ends a session after 20
   * minutes without use, and after 8 hours. Not secret. Changing it replaces nothing.
   *
   * @default true
   */
  reopenWhenExpired?: pulumi.Input<boolean>;
  /**
   * Strings of any meaning: a change replaces the session, unless it is adopted. Not secret unless the program
   * passes a secret.
   *
   * @default none
   */
  triggers?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A session of the CAS single sign-on of an MRS Manager: logged in on create, logged out on delete. A create
 * fails when the server sets no ticket-granting cookie; a delete fails unless the session has ended.
 *
 * https://docs.otc.t-systems.com/map-reduce-service/api-ref/mrs_manager_cas_apis/logging_out_of_the_cas.html
 */
export class CasSession extends pulumi.CustomResource {
  /** The ticket-granting cookie, `NAME=VALUE`: whoever sends it is logged in as the user. Secret. */
  declare readonly ticketGrantingCookie: pulumi.Output<string>;
  /** The `User-Agent` that the session was opened with and must be used with. Not secret. */
  declare readonly userAgent: pulumi.Output<string>;
  /** When the session was opened or adopted: ISO 8601, UTC. Not secret. */
  declare readonly openedAt: pulumi.Output<string>;

  constructor(name: string, args: CasSessionArgs, opts?: pulumi.CustomResourceOptions) {
    const props = {
      userAgent: undefined,
      ...args,
      password: asSecret(args.password),
      ticketGrantingCookie: asSecret(args.ticketGrantingCookie),
      openedAt: undefined,
      __provider: providerText("CasSession"),
    };
    const secrets = { additionalSecretOutputs: ["ticketGrantingCookie"] };
    super("pulumi-nodejs:dynamic/mrs:CasSession", name, props, pulumi.mergeOptions(opts, secrets));
  }
}
