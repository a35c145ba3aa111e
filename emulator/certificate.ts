import type { generate as selfsigned } from "selfsigned";

/** A key and its certificate, both PEM, and whom to trust to accept it. */
export interface ServerCertificate {
  key: string;
  /** What the server sends: its certificate, and the intermediate CA's where there is one. */
  cert: string;
  /** The certificate that issued all others. */
  authority: string;
}

interface Kind {
  tlsNames?: "both" | "ip" | "name";
  tlsChain?: boolean;
}

interface KeyPair {
  key: string;
  cert: string;
}

type Extensions = NonNullable<NonNullable<Parameters<typeof selfsigned>[1]>["extensions"]>;

const DAY = 24 * 60 * 60 * 1000;
const NAME = { type: 2, value: "localhost" } as const;
const ADDRESS = { type: 7, ip: "127.0.0.1" } as const;
const ALT_NAMES = { both: [NAME, ADDRESS], ip: [ADDRESS], name: [NAME] } as const;

const ISSUER: Extensions = [
  { name: "basicConstraints", cA: true, critical: true },
  { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
];
const LEAF: Extensions = [
  { name: "basicConstraints", cA: false, critical: true },
  { name: "keyUsage", digitalSignature: true, critical: true },
  { name: "extKeyUsage", serverAuth: true },
];

/** Makes a certificate: its own authority, as an appliance ships with, or issued by an intermediate CA. */
export async function makeCertificate(kind: Kind = {}): Promise<ServerCertificate> {
  const { tlsNames = "both", tlsChain = false } = kind;
  const subject = tlsNames === "ip" ? "127.0.0.1" : "localhost";
  const names: Extensions = [{ name: "subjectAltName", altNames: [...ALT_NAMES[tlsNames]] }];
  if (!tlsChain) {
    const own = await generate(subject, [...ISSUER, ...names]);
    return { ...own, authority: own.cert };
  }
  const root = await generate("Emulator Root CA", ISSUER);
  const intermediate = await generate("Emulator Intermediate CA", ISSUER, root);
  const { key, cert } = await generate(subject, [...LEAF, ...names], intermediate);
  return { key, cert: `${cert.trimEnd()}\n${intermediate.cert}`, authority: root.cert };
}

async function generate(subject: string, extensions: Extensions, ca?: KeyPair): Promise<KeyPair> {
  // Loaded on demand: it takes longer to load than the rest of the emulator.
  const { generate: generateKeyPair } = await import("selfsigned");
  const { private: key, cert } = await generateKeyPair([{ name: "commonName", value: subject }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - DAY),
    extensions,
    ca,
  });
  return { key, cert };
}
