import assert from "node:assert/strict";
import { field, get, post, type Received, type Signing, send, webCliPath } from "../../support/client";

const ID_TOKENS = "/v3.0/OS-AUTH/id-token/tokens";
const SECURITY_TOKENS = "/v3.0/OS-CREDENTIAL/securitytokens";
const hour = 60 * 60 * 1000;

interface Credential {
  access: string;
  secret: string;
  securitytoken: string;
  expires_at: string;
}

import { useClockedEmulator } from "../../support/emulator";

describe("emulator: keys", () => {
  const clocked = useClockedEmulator();

  const postJson = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Received> =>
    send(clocked.emulator.iamEndpoint + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const exchange = (id: string, idp = clocked.emulator.idpId): Promise<Received> =>
    postJson(ID_TOKENS, { auth: { id_token: { id } } }, { "x-idp-id": idp });
  const requestKeys = (id: string, rest: object = {}): Promise<Received> =>
    postJson(SECURITY_TOKENS, { auth: { identity: { methods: ["token"], token: { id, ...rest } } } });

  function credentialOf(received: Received): Credential {
    const { credential }: { credential: Credential } = JSON.parse(received.text);
    return credential;
  }

  /** Logs in to Web CLI with temporary keys. */
  function logInWith(
    { access, secret, securitytoken }: Credential,
    token = securitytoken,
  ): Promise<Received> {
    const signing: Signing = { at: clocked.now, accessKey: access, secretKey: secret };
    const headers = { "X-Security-Token": token };
    const signed = ["host", "x-sdk-date", "x-security-token"];
    const body = { password: clocked.emulator.redisPassword };
    return post(clocked.emulator, webCliPath(clocked.emulator, "auth"), body, {
      ...signing,
      headers,
      signed,
    });
  }

  function assertRefused(received: Received, reason: RegExp): void {
    assert.equal(received.status, 401, received.text);
    assert.match(received.text, reason);
  }

  describe("the projects of a region", () => {
    const list = (name: string, signing: Signing = {}) =>
      get(clocked.emulator, `/v3/projects?name=${name}`, { at: clocked.now, ...signing });
    const idsOf = ({ text }: Received): string[] =>
      JSON.parse(text).projects.map(({ id }: { id: string }) => id);

    it("are the one that is named like it", async () => {
      const received = await list("eu-de");
      assert.equal(received.status, 200);
      assert.match(String(received.headers["x-iam-trace-id"]), /^[0-9a-f]{32}$/);
      const [project, ...others] = JSON.parse(received.text).projects;
      assert.deepEqual([project.id, project.name, others], [clocked.emulator.projectId, "eu-de", []]);
    });

    it("are none for another region", async () => {
      assert.deepEqual(idsOf(await list("eu-nl")), []);
      await clocked.start({ region: "eu-nl" });
      assert.deepEqual(idsOf(await list("eu-nl")), [clocked.emulator.projectId]);
    });

    for (const projects of [0, 1, 2]) {
      it(`are ${projects} where so set`, async () => {
        await clocked.start({ projects });
        const ids = idsOf(await list("eu-de"));
        assert.equal(new Set(ids).size, projects);
        assert.deepEqual(ids.slice(0, 1), projects === 0 ? [] : [clocked.emulator.projectId]);
      });
    }

    it("are listed for a token as well", async () => {
      const headers = { "x-auth-token": clocked.emulator.authToken };
      const received = await send(`${clocked.emulator.iamEndpoint}/v3/projects?name=eu-de`, { headers });
      assert.deepEqual(idsOf(received), [clocked.emulator.projectId]);
    });

    it("are refused to wrong keys, a wrong token, and to nobody in particular", async () => {
      assertRefused(await list("eu-de", { secretKey: "wrong" }), /"error_code":"APIGW\.0301"/);
      const url = `${clocked.emulator.iamEndpoint}/v3/projects`;
      const wrong = await send(url, { headers: { "x-auth-token": "wrong" } });
      assertRefused(wrong, /"message":"The X-Auth-Token is invalid!"/);
      assertRefused(await send(url), /requires authentication/);
    });
  });

  describe("an ID token", () => {
    it("is exchanged for a token in the header X-Subject-Token, which lists projects", async () => {
      const received = await exchange(clocked.emulator.idToken);
      assert.equal(received.status, 201);
      assert.match(String(received.headers["x-request-id"]), /^[0-9a-f]{32}$/);
      const headers = { "x-auth-token": String(received.headers["x-subject-token"]) };
      const listed = await send(`${clocked.emulator.iamEndpoint}/v3/projects?name=eu-de`, { headers });
      assert.equal(listed.status, 200);
      assert.ok(!received.text.includes(headers["x-auth-token"]));
    });

    it("is refused with 404 for another identity provider", async () => {
      const received = await exchange(clocked.emulator.idToken, "other");
      assert.deepEqual([received.status, field(received, "error_code")], [404, "IAM.0004"]);
    });

    it("is refused when it is wrong or has expired", async () => {
      assertRefused(await exchange("wrong"), /IAM\.0001/);
      clocked.now += 366 * 24 * hour;
      assertRefused(await exchange(clocked.emulator.idToken), /IAM\.0001/);
    });

    it("is refused with 400 when it is missing", async () => {
      for (const body of [{}, { auth: {} }, { auth: { id_token: { id: 1 } } }]) {
        const received = await postJson(ID_TOKENS, body, { "x-idp-id": clocked.emulator.idpId });
        assert.deepEqual([received.status, field(received, "error_code")], [400, "IAM.0011"]);
      }
    });
  });

  describe("temporary keys of IAM", () => {
    it("come for the token that an ID token was exchanged for, and open a session", async () => {
      const token = String((await exchange(clocked.emulator.idToken)).headers["x-subject-token"]);
      const received = await requestKeys(token, { duration_seconds: 21_600 });
      assert.equal(received.status, 201);
      const credential = credentialOf(received);
      assert.equal(Date.parse(credential.expires_at), clocked.now + 6 * hour);
      assert.equal((await logInWith(credential)).status, 200);
    });

    it("come for the account's token, in the body or in X-Auth-Token", async () => {
      assert.equal((await requestKeys(clocked.emulator.authToken)).status, 201);
      const body = { auth: { identity: { methods: ["token"] } } };
      const headers = { "x-auth-token": clocked.emulator.authToken };
      assert.equal((await postJson(SECURITY_TOKENS, body, headers)).status, 201);
    });

    it("are refused to a wrong or missing token", async () => {
      assertRefused(await requestKeys("wrong"), /X-Auth-Token is invalid/);
      const body = { auth: { identity: { methods: ["token"] } } };
      assertRefused(await postJson(SECURITY_TOKENS, body), /requires authentication/);
    });

    it("are refused to a token that has expired", async () => {
      const token = String((await exchange(clocked.emulator.idToken)).headers["x-subject-token"]);
      clocked.now += 24 * hour;
      assertRefused(await requestKeys(token), /X-Auth-Token is invalid/);
    });

    it("are refused with 400 for a lifetime or method that there is not", async () => {
      for (const duration_seconds of [899, 86_401, "900"]) {
        assert.equal((await requestKeys(clocked.emulator.authToken, { duration_seconds })).status, 400);
      }
      const body = {
        auth: { identity: { methods: ["password"], token: { id: clocked.emulator.authToken } } },
      };
      assert.equal((await postJson(SECURITY_TOKENS, body)).status, 400);
    });

    it("need their security token, and expire", async () => {
      const credential = credentialOf(await requestKeys(clocked.emulator.authToken));
      assertRefused(await logInWith(credential, "wrong"), /verify securityToken fail/);
      clocked.now += hour / 4 - 1;
      assert.equal((await logInWith(credential)).status, 200);
      clocked.now += 1;
      assertRefused(await logInWith(credential), /securityToken expired/);
    });

    it("last as long as the option says", async () => {
      await clocked.start({ temporaryKeySeconds: 2 });
      const credential = credentialOf(
        await requestKeys(clocked.emulator.authToken, { duration_seconds: 3600 }),
      );
      clocked.now += 2000;
      assertRefused(await logInWith(credential), /securityToken expired/);
    });
  });

  describe("the keys of an agency", () => {
    const assume = (role: object, signing: Signing = {}) => {
      const body = { auth: { identity: { methods: ["assume_role"], assume_role: role } } };
      return post(clocked.emulator, SECURITY_TOKENS, body, { at: clocked.now, ...signing });
    };
    const role = { agency_name: "operators", domain_name: "target", duration_seconds: 3600 };

    it("come for signed requests, and open a session", async () => {
      const received = await assume(role);
      assert.equal(received.status, 201, received.text);
      assert.equal(Date.parse(credentialOf(received).expires_at), clocked.now + hour);
      assert.equal((await logInWith(credentialOf(received))).status, 200);
    });

    it("come for a token in X-Auth-Token", async () => {
      const body = { auth: { identity: { methods: ["assume_role"], assume_role: role } } };
      const headers = { "x-auth-token": clocked.emulator.authToken };
      assert.equal((await postJson(SECURITY_TOKENS, body, headers)).status, 201);
    });

    it("are refused to wrong keys", async () => {
      assertRefused(await assume(role, { secretKey: "wrong" }), /"error_code":"APIGW\.0301"/);
    });

    it("are refused with 400 without an agency, without a domain, and for a lifetime that there is not", async () => {
      for (const wrong of [{ agency_name: "" }, { domain_name: undefined }, { duration_seconds: 86_401 }]) {
        assert.equal((await assume({ ...role, ...wrong })).status, 400);
      }
    });

    it("are refused with 404 for the ID of another domain", async () => {
      assert.equal((await assume({ ...role, domain_id: "another" })).status, 404);
    });
  });

  describe("the metadata service", () => {
    const requestToken = (ttl = "21600") =>
      send(`${clocked.emulator.metadataEndpoint}/meta-data/latest/api/token`, {
        method: "PUT",
        headers: { "x-metadata-token-ttl-seconds": ttl },
      });
    const requestKey = (token?: string) =>
      send(`${clocked.emulator.metadataEndpoint}/openstack/latest/securitykey`, {
        headers: token === undefined ? {} : { "x-metadata-token": token },
      });

    it("gives keys for a token, and they open a session", async () => {
      const token = await requestToken();
      assert.equal(token.status, 200);
      const received = await requestKey(token.text);
      assert.equal(received.status, 200);
      const credential = credentialOf(received);
      assert.match(credential.expires_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.equal((await logInWith(credential)).status, 200);
    });

    it("gives the same keys until 10 minutes before they expire", async () => {
      const first = credentialOf(await requestKey());
      clocked.now += (50 * hour) / 60;
      assert.deepEqual(credentialOf(await requestKey()), first);
      clocked.now += 1;
      const second = credentialOf(await requestKey());
      assert.notEqual(second.access, first.access);
      clocked.now += hour / 6;
      assertRefused(await logInWith(first), /securityToken expired/);
      assert.equal((await logInWith(second)).status, 200);
    });

    it("refuses a token that is made up or has expired", async () => {
      assertRefused(await requestKey("made-up"), /X-Metadata-Token is invalid/);
      const { text } = await requestToken("60");
      assert.equal((await requestKey(text)).status, 200);
      clocked.now += 60_000;
      assertRefused(await requestKey(text), /X-Metadata-Token is invalid/);
    });

    it("refuses a lifetime of a token that is missing, 0 or more than 6 hours", async () => {
      for (const ttl of ["", "0", "21601", "1.5", "x"]) {
        assert.equal((await requestToken(ttl)).status, 400, ttl);
      }
    });

    it("wants a token where so set", async () => {
      await clocked.start({ metadataTokens: "required" });
      assertRefused(await requestKey(), /X-Metadata-Token/);
      assert.equal((await requestKey((await requestToken()).text)).status, 200);
    });

    it("knows no tokens where so set, and gives keys without one", async () => {
      await clocked.start({ metadataTokens: "none" });
      assert.equal((await requestToken()).status, 404);
      assert.equal((await requestKey()).status, 200);
    });

    it("says that the server has no agency", async () => {
      await clocked.start({ agency: false });
      const { text } = await requestToken();
      assertRefused(await requestKey(text), /Please configure Cloud Service Agency first/);
    });

    it("gives new keys and tokens after expireTemporaryKeys", async () => {
      const { text } = await requestToken();
      const old = credentialOf(await requestKey(text));
      clocked.emulator.expireTemporaryKeys();
      assertRefused(await requestKey(text), /X-Metadata-Token is invalid/);
      assertRefused(await logInWith(old), /securityToken expired/);
      const fresh = credentialOf(await requestKey((await requestToken()).text));
      assert.equal((await logInWith(fresh)).status, 200);
    });
  });
});
