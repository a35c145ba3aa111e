import type { Connection } from "./emulator";

/** How to run a program of one's own against the emulator. It holds credentials, as the line of JSON does. */
export function guide(emulator: Connection, securityToken: string | undefined): string {
  const { instanceId, redisPassword, casUrl, username, password, caCertificate } = emulator;
  const { region, projectId, dcsEndpoint, iamEndpoint, accessKey, secretKey } = emulator;
  const secrets = { accessKey, secretKey, ...(securityToken === undefined ? {} : { securityToken }) };
  return [
    "",
    "To run a Pulumi program of your own against it, configure a stack:",
    ...configLines({ region, projectId, dcsEndpoint, iamEndpoint }, ""),
    ...configLines(secrets, "--secret "),
    "and give its resources these arguments:",
    `  WebCliSession: ${literal({ instanceId, password: redisPassword })}`,
    `  CasSession: ${literal({ casUrl, username, password })}`,
    ...(caCertificate === undefined ? [] : TRUST),
    "",
  ].join("\n");
}

const TRUST = [
  "The line of JSON holds the certificate to trust. Save it, in bash for example:",
  "  jq -r .caCertificate emulator.json > ca.pem",
  "Pass its text to CasSession as caCertificate. For DCS and IAM, set this before each pulumi command:",
  "  export NODE_EXTRA_CA_CERTS=$PWD/ca.pem",
];

function configLines(values: Readonly<Record<string, string>>, flags: string): string[] {
  return Object.entries(values).map(
    ([name, value]) => `  pulumi config set ${flags}huaweicloud-sessions:${name} ${quoted(value)}`,
  );
}

function quoted(value: string): string {
  return /^[\w.:/@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** As an object of TypeScript is written. */
function literal(values: Readonly<Record<string, string>>): string {
  const properties = Object.entries(values).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `{ ${properties.join(", ")} }`;
}
