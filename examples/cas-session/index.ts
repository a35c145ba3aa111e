import * as pulumi from "@pulumi/pulumi";
import { CasSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();

const session = new CasSession("manager", {
  casUrl: config.require("casUrl"),
  username: config.require("username"),
  password: config.requireSecret("password"),
  // With it, the server can tell for certain whether the session is alive.
  service: config.get("service"),
  // MRS Manager ships with a self-signed certificate: pin it, or pass its authority.
  certificateFingerprint: config.get("certificateFingerprint"),
  caCertificate: config.get("caCertificate"),
});

/** Secret: `pulumi stack output cookie --show-secrets` hands it to `curl --cookie`. */
export const cookie = session.ticketGrantingCookie;
export const userAgent = session.userAgent;
export const openedAt = session.openedAt;
