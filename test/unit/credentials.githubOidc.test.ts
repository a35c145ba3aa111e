import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { open, useFiles, webCliAt } from "../support/credentials";
import { useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

const EXAMPLE = join(__dirname, "../../examples/github-oidc");
const { PATH = "" } = process.env;

describe("The example github-oidc", () => {
  const emulator = useEmulator();
  const write = useFiles();
  useEnvironment(() => ({ PATH }));
  afterEach(closeServers);

  /** Runs the example's script in a job whose ID tokens a server issues. */
  const fetchIdToken = async (status: number, asked: (header: string, url: string) => void = () => {}) => {
    const { url } = await serve((request, response) => {
      asked(String(request.headers.authorization), String(request.url));
      response.writeHead(status).end(JSON.stringify({ value: emulator().idToken }));
    });
    const file = write("id-token", "");
    Object.assign(process.env, {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job",
      ID_TOKEN_AUDIENCE: "huaweicloud",
      HUAWEICLOUD_SDK_IDP_ID: emulator().idpId,
      HUAWEICLOUD_SDK_ID_TOKEN_FILE: file,
    });
    await promisify(execFile)(join(EXAMPLE, "id-token.sh"), { env: process.env });
    return file;
  };

  it("logs in with the ID token that its script fetches", async () => {
    const asked: string[] = [];
    const file = await fetchIdToken(200, (...parts) => asked.push(...parts));
    assert.deepEqual(asked, ["Bearer job", "/token?api-version=2.0&audience=huaweicloud"]);
    assert.equal(readFileSync(file, "utf8"), emulator().idToken);
    await open(emulator(), webCliAt(emulator()));
    assert.equal(emulator().sessions().webCli.open.length, 1);
  });

  it("stops where GitHub issues no ID token", async () => {
    const { message } = await rejection(fetchIdToken(403));
    assert.match(message, /error: 403/);
  });

  it("has a script that can be run, and a workflow that uses no secret", () => {
    assert.equal(statSync(join(EXAMPLE, "id-token.sh")).mode & 0o111, 0o111);
    const workflow = readFileSync(join(EXAMPLE, ".github/workflows/test.yml"), "utf8");
    assert.match(workflow, /^ {2}id-token: write$/m);
    assert.doesNotMatch(workflow, /secrets\./);
  });
});
