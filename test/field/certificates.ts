import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CertificateOptions, type Issued, issue } from "../support/certificates";
import { SERVER } from "./network";

const NAME = "manager.corp.example";
const ALL = [NAME, "*.corp.example", "localhost", SERVER.v4, SERVER.v6];

/** A server's certificate, and what it sends with it. */
export interface ServerCertificate extends Issued {
  /** The certificate alone. */
  leaf: string;
}

/** What to trust: PEM texts by name. */
export interface Certificates {
  servers: Record<string, ServerCertificate>;
  authorities: Record<string, string>;
}

/** Those that differ in what they name. */
const NAMING: Record<string, CertificateOptions> = {
  "all names": { names: ALL },
  "the name": { names: [NAME] },
  "another name": { names: ["other.corp.example"] },
  wildcard: { names: ["*.corp.example"] },
  "wildcard of a whole domain": { names: ["*.example"] },
  "wildcard in a label": { names: ["m*.corp.example", "v*.corp.example"] },
  "IPv4 address": { names: [SERVER.v4] },
  "IPv6 address": { names: [SERVER.v6] },
  localhost: { names: ["localhost"] },
  "common name only": { commonName: NAME },
  "common name beside an address": { commonName: NAME, names: ["10.1.1.1"] },
  "address as common name": { commonName: SERVER.v4 },
};

/** Those that differ in what else is to be checked. */
const STATES: Record<string, CertificateOptions> = {
  expired: { names: ALL, days: [-9, -2] },
  "not yet valid": { names: ALL, days: [2, 9] },
  "for clients": { names: ALL, usage: "client" },
  "for servers": { names: ALL, usage: "server" },
};

export const NAMING_CERTIFICATES = Object.keys(NAMING);

/** A self-signed authority with extensions that only OpenSSL can write. */
function issueByOpenssl(folder: string, commonName: string, ...extensions: string[]): Issued {
  const [key = "", cert = ""] = ["key", "cert"].map((kind) => join(folder, `${commonName}.${kind}`));
  const kind = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-noenc",
    "-subj",
    `/CN=${commonName}`,
  ];
  const added = extensions.flatMap((extension) => ["-addext", extension]);
  const args = ["req", "-x509", "-days", "9", ...kind, ...added, "-keyout", key, "-out", cert];
  execFileSync("openssl", args, { stdio: "ignore" });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

/** An authority with an intermediate one, and what they issue. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const root = await issue({ commonName: "Field root", authority: true });
  const issuer = await issue({ commonName: "Field issuer", authority: true, issuer: root });
  const other = await issue({ commonName: "Other root", authority: true });
  const namesake = await issue({ commonName: "Field root", authority: true });
  const servers: Record<string, ServerCertificate> = {};
  const add = async (
    name: string,
    by: Issued | undefined,
    options: CertificateOptions,
    chain: Issued[] = [],
  ) => {
    const { key, cert } = await issue({ ...options, issuer: by });
    servers[name] = { key, leaf: cert, cert: bundle(cert, ...chain.map((one) => one.cert)) };
  };
  for (const [name, options] of Object.entries({ ...NAMING, ...STATES })) await add(name, root, options);
  await add("self-signed", undefined, { names: ALL });
  await add("RSA 1024", undefined, { names: ALL, rsa: 1024 });
  await add("RSA 2048", undefined, { names: ALL, rsa: 2048 });
  await add("self-signed authority", undefined, { names: ALL, authority: true });
  await add("with its issuer", issuer, { names: ALL }, [issuer]);
  await add("with the whole chain", issuer, { names: ALL }, [issuer, root]);
  await add("without its issuer", issuer, { names: ALL });
  const weak = await issue({ commonName: "Weak issuer", authority: true, issuer: root, algorithm: "sha1" });
  await add("by an issuer signed with SHA-1", weak, { names: ALL }, [weak]);
  const short = await issue({ commonName: "Short root", authority: true, pathLength: 0 });
  const below = await issue({ commonName: "Below", authority: true, issuer: short });
  await add("below a path that is too long", below, { names: ALL }, [below]);
  const layman = await issue({ commonName: "Layman", issuer: root });
  await add("by no authority", layman, { names: ALL }, [layman]);
  const limited = issueByOpenssl(folder, "limited", "nameConstraints=critical,permitted;DNS:other.example");
  await add("by an authority for other names", limited, { names: [NAME] });
  const odd = issueByOpenssl(folder, "odd", `subjectAltName=DNS:${NAME}`, "1.2.3.4=critical,ASN1:NULL");
  servers["unknown critical extension"] = { ...odd, leaf: odd.cert };
  const authorities = {
    "limited root": limited.cert,
    root: root.cert,
    issuer: issuer.cert,
    other: other.cert,
    "same name": namesake.cert,
    "short root": short.cert,
    "bundle with comments": bundle(
      "# Authorities of the field",
      other.cert,
      "Subject: CN=Field root",
      root.cert,
    ),
  };
  return { servers, authorities };
}

function bundle(...parts: string[]): string {
  return `${parts.map((part) => part.trim()).join("\n")}\n`;
}
