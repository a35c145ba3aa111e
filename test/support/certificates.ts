import { isIP } from "node:net";
import { generate } from "selfsigned";

export interface Issued {
  key: string;
  cert: string;
}

export interface CertificateOptions {
  /** Names and addresses; none leaves the extension out. */
  names?: readonly string[];
  commonName?: string;
  issuer?: Issued;
  authority?: boolean;
  pathLength?: number;
  /** From when and until when it is valid, in days from now. */
  days?: readonly [from: number, until: number];
  rsa?: number;
  algorithm?: "sha1" | "sha256";
  usage?: "server" | "client";
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a certificate. Without an issuer, it is self-signed. */
export async function issue({
  names = [],
  commonName = names[0] ?? "test",
  issuer,
  authority = false,
  pathLength,
  days: [from, until] = [-1, 30],
  rsa,
  algorithm = "sha256",
  usage,
}: CertificateOptions): Promise<Issued> {
  const { private: key, cert } = await generate([{ name: "commonName", value: commonName }], {
    ...(rsa ? { keySize: rsa } : { keyType: "ec" }),
    algorithm,
    notBeforeDate: new Date(Date.now() + from * DAY_MS),
    notAfterDate: new Date(Date.now() + until * DAY_MS),
    ...(issuer ? { ca: issuer } : {}),
    extensions: [
      { name: "basicConstraints", cA: authority, critical: true, pathLenConstraint: pathLength },
      ...(names.length > 0
        ? [{ name: "subjectAltName" as const, altNames: names.map(alternativeName) }]
        : []),
      ...(usage ? [{ name: "extKeyUsage" as const, [`${usage}Auth`]: true }] : []),
    ],
  });
  return { key, cert };
}

function alternativeName(name: string) {
  return isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name };
}
