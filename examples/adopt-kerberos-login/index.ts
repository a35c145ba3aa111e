import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { CasSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();
const casUrl = config.require("casUrl");
const service = config.require("service");
// A CAS may pin a session to the user agent of its login, so the script and the resource use the same one.
const userAgent = "adopt-kerberos-login";

const login = new command.local.Command(
  "kerberos-login",
  {
    create: "sh ./login.sh",
    environment: {
      CAS_LOGIN: `${casUrl}/login?service=${encodeURIComponent(service)}`,
      USER_AGENT: userAgent,
      PRINCIPAL: config.require("principal"),
      KEYTAB: config.require("keytab"),
      CA_FILE: config.get("caFile") ?? "",
    },
    // Another value logs in again. An adopted session that has expired is not opened again by itself.
    triggers: [config.get("login") ?? "1"],
    logging: command.local.Logging.None,
  },
  { additionalSecretOutputs: ["stdout"] },
);

const session = new CasSession("manager", {
  casUrl,
  service,
  userAgent,
  ticketGrantingCookie: login.stdout,
  caCertificate: config.get("caCertificate"),
});

export const adoptedAt = session.openedAt;
