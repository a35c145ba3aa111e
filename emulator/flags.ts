import { parseArgs } from "node:util";
import { BadOption, checkOptions, optionRules } from "./optionRules";
import type { EmulatorOptions } from "./options";

export const usage = `Emulates the Huawei Cloud DCS Web CLI, CAS single sign-on, IAM and the metadata service on 127.0.0.1.

Usage: huaweicloud-sessions-emulator [options]

Server:
  --port N                   Port to listen on; 0 picks a free one (default: 0)
  --tls                      Serve HTTPS with a self-signed certificate
  --tls-names both|ip|name   What the certificate names: 127.0.0.1, localhost, or both (default: both)
  --tls-chain                Serve HTTPS with a certificate from an intermediate CA
  --idle-seconds N           Idle timeout of sessions (default: 300 for Web CLI, 1200 for CAS)
  --history N                How many requests to remember (default: 10000)

DCS:
  --redis URL                Run commands on a Redis server, such as redis://127.0.0.1:6379
  --gone-logout 400|204      Answer to the logout of a session that has ended (default: 400)
  --error-codes numeric|dcs  Spelling of error codes: 111400063 or DCS.4063 (default: numeric)

CAS:
  --cas-flavor mrs|apereo|jasig
                             Which CAS server to emulate (default: mrs)
  --cas-login-page PAGE      What stands between a user and a session beside the password (default: none):
                             captcha, password-expires, usage-policy, consent, second-factor, second-factor-down,
                             change-password, account-locked, address-locked, throttled or throttled-403
  --cas-retry-after SECONDS  Retry-After of a throttled login (default: no such header)
  --cas-service TREATMENT    How services are treated (default: sso): no-sso, denied, unregistered or required
  --cas-cookie-name NAME     Name of the ticket-granting cookie (default: CASTGC; TGC for apereo)
  --cas-cookie-rotates       Change that cookie whenever the login page is asked for
  --cas-nodes N              Nodes behind a balancer with a sticky cookie (default: 1)
  --confirm-logout           Ask to confirm a logout

IAM and metadata service:
  --region NAME              Region of the project (default: eu-de)
  --projects N               How many projects the region has (default: 1)
  --no-agency                The cloud server has no agency, and so no keys
  --metadata-tokens optional|required|none
                             Whether the metadata service wants a token (default: optional)
  --temporary-key-seconds N  Lifetime of temporary keys (default: 3600, or as requested)

IDs and credentials are random unless you set them:
  --project-id ID            --redis-password PASSWORD
  --instance-id ID           --username NAME
  --access-key KEY           --password PASSWORD
  --secret-key KEY           --idp-id ID
  --security-token TOKEN     --id-token TOKEN
  --auth-token TOKEN

Output:
  --quiet                    Don't print how to configure a Pulumi program
  --help                     Show this help

Prints one line of JSON with endpoints and credentials on stdout, and how to configure a Pulumi program on stderr. Then
serves until you press Ctrl-C. Open its address in a browser to watch sessions and requests.

Examples:
  huaweicloud-sessions-emulator --port 8800
  huaweicloud-sessions-emulator --tls --cas-flavor apereo --idle-seconds 10
  huaweicloud-sessions-emulator --port 8800 > emulator.json &
  curl "$(jq -r .url emulator.json)/emulator/sessions"
`;

/** The flag of an option: `--cas-flavor` for `casFlavor`. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

const flagged = Object.entries(optionRules).flatMap(([option, { flag }]) =>
  flag === undefined ? [] : [{ option, flag, name: flagOf(option).slice(2) }],
);

/** What the command line asks for. */
interface CommandLine {
  options: EmulatorOptions;
  /** Whether to print nothing but where the emulator listens. */
  quiet: boolean;
}

/**
 * Reads the command line; undefined if it asks for help.
 *
 * @throws an error of `parseArgs`, or {@link BadOption}, for a flag that makes no sense
 */
export function parseFlags(args: string[]): CommandLine | undefined {
  const types = flagged.map(({ name, flag }) => {
    const type = flag === "switch" ? ("boolean" as const) : ("string" as const);
    return [name, { type }] as const;
  });
  const own = ["help", "quiet"].map((name) => [name, { type: "boolean" as const }] as const);
  const options = Object.fromEntries([...types, ...own]);
  const { values } = parseArgs({ args, options, allowNegative: true });
  if (values.help) return undefined;
  const given = flagged.flatMap(({ option, name, flag }) => {
    const value = values[name];
    if (value === undefined) return [];
    return [[option, flag === "number" ? toNumber(option, String(value)) : value]];
  });
  const result: object = Object.fromEntries(given);
  checkOptions(result);
  return { options: result, quiet: values.quiet === true };
}

function toNumber(option: string, value: string): number {
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new BadOption(option, `must be a number, not "${value}".`);
}
