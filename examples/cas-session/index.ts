import * as pulumi from "@pulumi/pulumi";
import { CasSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();

const session = new CasSession("manager", {
  casUrl: config.require("casUrl"),
  username: config.require("username"),
  password: config.requireSecret("password"),
  // The application is what the server is asked about when the session must be proved alive or dead.
  service: config.get("service"),
  // MRS Manager's certificate is self-signed as shipped: pin it, or give its authority.
  certificateFingerprint: config.get("certificateFingerprint"),
  caCertificate: config.get("caCertificate"),
});

/** Secret: `pulumi stack output cookie --show-secrets` gives it to curl's --cookie. */
export const cookie = session.ticketGrantingCookie;
export const userAgent = session.userAgent;
export const openedAt = session.openedAt;
