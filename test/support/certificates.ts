import { isIP } from "node:net";
import { generate } from "selfsigned";

export interface Issued {
  key: string;
  cert: string;
}

export interface CertificateOptions {
  /** Names and addresses; none leaves the extension out. */
  names?: string[];
  commonName?: string;
  issuer?: Issued;
  authority?: boolean;
}

/** Makes a certificate. Without an issuer, it is self-signed. */
export async function issue({
  names = [],
  commonName = names[0] ?? "test",
  issuer,
  authority = false,
}: CertificateOptions): Promise<Issued> {
  const { private: key, cert } = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - 60_000),
    ...(issuer ? { ca: issuer } : {}),
    extensions: [
      { name: "basicConstraints", cA: authority, critical: true },
      ...(names.length > 0
        ? [{ name: "subjectAltName" as const, altNames: names.map(alternativeName) }]
        : []),
    ],
  });
  return { key, cert };
}

function alternativeName(name: string) {
  return isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name };
}
