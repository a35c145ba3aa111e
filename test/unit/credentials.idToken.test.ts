import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { Runtime } from "../../provider/lifecycle/runtime";
import { credentialsOf, keysOf, live, placeOf, settingsOf, useFiles, webCliAt } from "../support/credentials";
import { requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { BRIEF, quickRuntime, webCliInputs } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

describe("An ID token", () => {
  const emulator = useEmulator();
  const write = useFiles();
  let file = "";
  useEnvironment(() => {
    file = write("token", `${emulator().idToken}\n`);
    return { HUAWEICLOUD_SDK_IDP_ID: emulator().idpId, HUAWEICLOUD_SDK_ID_TOKEN_FILE: file };
  });
  afterEach(closeServers);

  const check = (runtime?: Runtime) =>
    webCliAt(emulator(), {}, runtime).check({}, { instanceId: emulator().instanceId });
  const problemOf = async () => (await rejection(check())).message;
  const exchanges = () => requestsOn(emulator(), "iam.idToken").length;

  it("is all that a session needs, beside a region", () => live(emulator(), webCliAt(emulator())));

  it("is found under the names of the Terraform provider, too, whose agency is assumed with its keys", async () => {
    process.env = {
      HW_ASSUME_ROLE_IDP_ID: emulator().idpId,
      HW_ASSUME_ROLE_ID_TOKEN_FILE: file,
      HW_ASSUME_ROLE_AGENCY_NAME: "operators",
      HW_ASSUME_ROLE_DOMAIN_NAME: "target",
    };
    await live(emulator(), webCliAt(emulator()));
    assert.equal(requestsOn(emulator(), "iam.securityTokens").length, 2);
  });

  it("is read from its file each time that it is exchanged", async () => {
    writeFileSync(file, "an old one");
    const runtime = quickRuntime();
    await rejection(check(runtime));
    writeFileSync(file, emulator().idToken);
    assert.deepEqual((await check(runtime)).failures, []);
  });

  it("may be named in the profile file, where it goes before AK/SK", async () => {
    const profile = `[basic]\nak = AK\nsk = SK\nidp_id = ${emulator().idpId}\nid_token_file = ${file}\n`;
    const environment = { HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", profile) };
    const [first, , last] = await credentialsOf(settingsOf(environment, placeOf(emulator())));
    assert.match(JSON.stringify(first), /"securityToken"/);
    assert.deepEqual(last, { accessKey: "AK", secretKey: "SK" });
  });

  it("is not exchanged while other credentials are accepted", async () => {
    Object.assign(process.env, keysOf(emulator()));
    await live(emulator(), webCliAt(emulator()));
    assert.equal(exchanges(), 0);
  });

  const files: [string, () => unknown, RegExp][] = [
    ["does not exist", () => (process.env.HUAWEICLOUD_SDK_ID_TOKEN_FILE = `${file}.x`), /does not exist/],
    ["is empty", () => writeFileSync(file, "\n"), /is empty/],
  ];
  for (const [what, prepare, problem] of files) {
    it(`is an error that names the setting where its file ${what}, and nothing is sent`, async () => {
      // The sources after it don't count.
      const profile = write("credentials", "[basic]\nak = AK\nsk = SK\n");
      process.env.HUAWEICLOUD_SDK_CREDENTIALS_FILE = profile;
      prepare();
      const message = await problemOf();
      assert.match(
        message,
        /^Could not check the WebCliSession: the file that HUAWEICLOUD_SDK_ID_TOKEN_FILE names /,
      );
      assert.match(message, problem);
      assert.ok(!message.includes(file));
      assert.equal(emulator().requests().length, 0);
    });
  }

  it("is told to have expired", async () => {
    const claims = Buffer.from('{"exp":1700000000}').toString("base64url");
    writeFileSync(file, `e30.${claims}.c2lnbmF0dXJl`);
    const message = await problemOf();
    assert.match(
      message,
      /the ID token that HUAWEICLOUD_SDK_ID_TOKEN_FILE names gave no credentials: POST \/v3\.0\/OS-AUTH\/id-token\/tokens answered 401/,
    );
    assert.match(message, /IAM refused the ID token\. It expired at 2023-11-14T22:13:20\.000Z: have /);
    assert.ok(!message.includes(claims));
  });

  it("is told to be refused, without a part of it", async () => {
    writeFileSync(file, "s3cr3t.s3cr3t.s3cr3t");
    const body = { error_msg: "bad token s3cr3t.s3cr3t" };
    emulator().fault({ on: "iam.idToken", do: { status: 400, body } });
    assert.doesNotMatch(await problemOf(), /s3cr3t/);
    assert.match(await problemOf(), /answered 401.*Check that it has not expired/);
  });

  it("is told where IAM does not know its identity provider", async () => {
    process.env.HUAWEICLOUD_SDK_IDP_ID = "another";
    assert.match(
      await problemOf(),
      /answered 404.*IAM does not know this identity provider\. Check its name\./,
    );
  });

  it("is told where IAM gives no credentials for it", async () => {
    emulator().fault({ on: "iam.idToken", do: { body: "<p>Welcome</p>" } });
    assert.match(await problemOf(), /answered 200 without a token\. Check the region, and the IAM endpoint/);
    emulator().fault({ on: "iam.securityTokens", do: { body: "<p>Welcome</p>" } });
    assert.match(await problemOf(), /answered 200 without temporary credentials\. /);
    emulator().fault({ on: "iam.securityTokens", do: { status: 403 } });
    assert.match(await problemOf(), /answered 403.*conversion rules/);
  });

  it("does not make a login look lost when IAM stays down", async () => {
    emulator().fault({ on: "iam.idToken", times: 1_000, do: { drop: "after" } });
    const { message } = await rejection(webCliAt(emulator()).create(webCliInputs(emulator()), BRIEF));
    assert.match(message, /HUAWEICLOUD_SDK_ID_TOKEN_FILE names gave no credentials/);
    assert.doesNotMatch(message, /may have opened a session/);
  });

  for (const [what, answer, times] of [
    ["breaks off", "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{", 2],
    ["is not HTTP", "SSH-2.0-OpenSSH\r\n", 1],
  ] as const) {
    it(`does not make a login look lost when the answer to its exchange ${what}`, async () => {
      const iam = await serve((request, response) => {
        if (request.url?.includes("id-token")) response.setHeader("X-Subject-Token", "token").end();
        else request.socket.end(answer);
      });
      const lifecycle = webCliAt(emulator(), { "huaweicloud-sessions:iamEndpoint": iam.url });
      const { message } = await rejection(lifecycle.create(webCliInputs(emulator()), BRIEF));
      assert.doesNotMatch(message, /may have opened a session/);
      const exchanged = iam.requests().filter((request) => request.includes("securitytokens")).length;
      assert.equal(Math.min(exchanged, 2), times);
    });
  }

  it("needs an IAM endpoint beside a DCS endpoint that is not the vendor's, and is sent nowhere without", async () => {
    const lifecycle = webCliAt(emulator(), { "huaweicloud-sessions:iamEndpoint": undefined });
    const { message } = await rejection(lifecycle.check({}, { instanceId: emulator().instanceId }));
    assert.match(
      message,
      /IAM could not be asked, because the DCS endpoint is not a region's own, .*\. Set `huaweicloud-sessions:iamEndpoint`/,
    );
    assert.equal(emulator().requests().length, 0);
  });
});
