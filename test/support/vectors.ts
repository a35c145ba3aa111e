import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A request with the signature that the vendor's SDK makes of it. */
export interface Vector {
  name: string;
  ak: string;
  sk: string;
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
  canonical_request: string;
  string_to_sign: string;
  authorization: string;
  go_sdk_authorization?: string;
}

const FILE = join(__dirname, "../fixtures/sdk-hmac-sha256.json");

export const { vectors }: { vectors: Vector[] } = JSON.parse(readFileSync(FILE, "utf8"));
