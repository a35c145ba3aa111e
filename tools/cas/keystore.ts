import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../engine/run";

/** A server's key, in a file for Java, and its certificate. */
export interface Keystore {
  path: string;
  password: string;
  /** PEM. */
  certificate: string;
  /** SHA-256. */
  fingerprint: string;
}

// The key is made for one run, in a folder that only its user can read.
const PASSWORD = "changeit";

/** Makes a key with a self-signed certificate for the loopback names. */
export async function makeKeystore(directory: string): Promise<Keystore> {
  const path = join(directory, "keystore.p12");
  const pem = join(directory, "certificate.pem");
  const store = ["-alias", "cas", "-keystore", path, "-storepass", PASSWORD];
  const key = ["-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2", "-storetype", "PKCS12"];
  const names = ["-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1,dns:localhost"];
  await run("keytool", ["-genkeypair", ...store, ...key, ...names]);
  await run("keytool", ["-exportcert", "-rfc", ...store, "-file", pem]);
  const certificate = await readFile(pem, "utf8");
  const fingerprint = new X509Certificate(certificate).fingerprint256;
  return { path, password: PASSWORD, certificate, fingerprint };
}
