// The cost of one signature, in microseconds.
import { randomBytes } from "node:crypto";
import { signatureHeaders } from "../../dist/provider/api/signature";

const COUNT = 50_000;
const request = {
  method: "POST",
  url: "https://dcs.eu-de.otc.t-systems.com/v2/64d8abf7ce74bbf76b945a88b76a9189/instances/0cdb8415-0308-4d93-a0bc-7dc7569ca2e6/webcli/logout",
  headers: { "Content-Type": "application/json", "X-Project-Id": "64d8abf7ce74bbf76b945a88b76a9189" },
  body: JSON.stringify({ client_id: randomBytes(24).toString("hex") }),
};
const keys = { accessKey: "AK", secretKey: randomBytes(20).toString("hex") };

function micros(count: number): number {
  const start = performance.now();
  for (let i = 0; i < count; i++) signatureHeaders(request, keys);
  return ((performance.now() - start) * 1000) / count;
}

micros(COUNT / 5);
process.stdout.write(`${JSON.stringify({ micros: micros(COUNT) })}\n`);
