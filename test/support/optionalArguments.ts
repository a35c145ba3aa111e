import * as pulumi from "@pulumi/pulumi";
import { CasSession, WebCliCommand, WebCliSession } from "../../provider";

/** A program that passes what may be undefined, as `config.get` and outputs of other resources are. */
export function passOptional(
  output: pulumi.Output<string | undefined>,
  list: pulumi.Output<string[] | undefined>,
) {
  const config = new pulumi.Config();
  const [text, flag, number] = [config.get("text"), config.getBoolean("flag"), config.getNumber("number")];
  const place = { projectId: text, region: output, endpoint: text };
  const options = { reopenWhenExpired: flag, triggers: list };
  const password = config.getSecret("password");
  new WebCliSession("cache", { instanceId: "i1", ...place, password, clientId: output, ...options });
  new WebCliCommand("size", {
    instanceId: output,
    ...place,
    password,
    create: "PING",
    delete: text,
    database: number,
  });
  const trust = { caCertificate: text, certificateFingerprint: output };
  const login = { username: text, password, ticketGrantingCookie: output };
  new CasSession("manager", {
    casUrl: "https://m/cas",
    ...login,
    service: text,
    userAgent: output,
    ...trust,
    ...options,
  });
}
