import { parseArgs } from "node:util";
import { BadOption, type EmulatorOptions } from "./options";

export const usage = `Emulates the Huawei Cloud DCS Web CLI, CAS single sign-on, IAM and the metadata service on 127.0.0.1.

Usage: huaweicloud-sessions-emulator [options]

Options:
  --port N                  Port to listen on; 0 picks a free one (default: 0)
  --tls                     Serve HTTPS with a self-signed certificate
  --cas-flavor mrs|apereo   Which CAS server to emulate (default: mrs)
  --idle-seconds N          Idle timeout of sessions (default: 300 for Web CLI, 1200 for CAS)
  --redis URL               Run commands on a Redis server, such as redis://127.0.0.1:6379
  --region NAME             Region of the project (default: eu-de)
  --help                    Show this help

IDs and credentials are random unless you set them:
  --project-id ID           --redis-password PASSWORD
  --instance-id ID          --username NAME
  --access-key KEY          --password PASSWORD
  --secret-key KEY          --idp-id ID
  --auth-token TOKEN        --id-token TOKEN

Prints one line of JSON with endpoints and credentials, then serves until you press Ctrl-C.

Examples:
  huaweicloud-sessions-emulator --port 8800
  huaweicloud-sessions-emulator --tls --cas-flavor apereo --idle-seconds 10
  huaweicloud-sessions-emulator --port 8800 > emulator.json &
  curl "$(jq -r .url emulator.json)/emulator/sessions"
`;

const text = { type: "string" } as const;

/**
 * Reads the command line; undefined if it asks for help.
 *
 * @throws an error of `parseArgs`, or {@link BadOption}, for a flag that makes no sense
 */
export function parseFlags(args: string[]): EmulatorOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: "boolean" },
      port: text,
      tls: { type: "boolean" },
      "cas-flavor": text,
      "idle-seconds": text,
      redis: text,
      region: text,
      "access-key": text,
      "secret-key": text,
      "auth-token": text,
      "idp-id": text,
      "id-token": text,
      "project-id": text,
      "instance-id": text,
      "redis-password": text,
      username: text,
      password: text,
    },
  });
  if (values.help) return undefined;
  return {
    port: toNumber("port", values.port),
    tls: values.tls,
    casFlavor: toFlavor(values["cas-flavor"]),
    idleSeconds: toNumber("idle-seconds", values["idle-seconds"]),
    redis: values.redis,
    region: values.region,
    accessKey: values["access-key"],
    secretKey: values["secret-key"],
    authToken: values["auth-token"],
    idpId: values["idp-id"],
    idToken: values["id-token"],
    projectId: values["project-id"],
    instanceId: values["instance-id"],
    redisPassword: values["redis-password"],
    username: values.username,
    password: values.password,
  };
}

function toNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new BadOption(`--${name} must be a number, not "${value}".`);
}

function toFlavor(value: string | undefined): EmulatorOptions["casFlavor"] {
  if (value === undefined || value === "mrs" || value === "apereo") return value;
  throw new BadOption(`--cas-flavor must be mrs or apereo, not "${value}".`);
}
