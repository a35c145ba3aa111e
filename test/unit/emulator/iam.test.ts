import assert from "node:assert/strict";
import { field, post, type Received, type Signing, send, webCliPath } from "../../support/client";
import { useClockedEmulator } from "../../support/emulator";

const ID_TOKENS = "/v3.0/OS-AUTH/id-token/tokens";
const SECURITY_TOKENS = "/v3.0/OS-CREDENTIAL/securitytokens";
const hour = 60 * 60 * 1000;

interface Credential {
  access: string;
  secret: string;
  securitytoken: string;
  expires_at: string;
}

describe("emulator: keys", () => {
  const emulator = useClockedEmulator();

  const postJson = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send(emulator().iamEndpoint + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const listWith = (token?: string) =>
    send(`${emulator().iamEndpoint}/v3/projects?name=eu-de`, {
      headers: token === undefined ? {} : { "x-auth-token": token },
    });
  const exchange = (id = emulator().idToken, idp = emulator().idpId) =>
    postJson(ID_TOKENS, { auth: { id_token: { id } } }, { "x-idp-id": idp });
  const tokenOf = async () => String((await exchange()).headers["x-subject-token"]);
  const requestKeys = (id: string, rest: object = {}) =>
    postJson(SECURITY_TOKENS, { auth: { identity: { methods: ["token"], token: { id, ...rest } } } });

  function credentialOf(received: Received): Credential {
    const { credential }: { credential: Credential } = JSON.parse(received.text);
    return credential;
  }

  /** Logs in to Web CLI with temporary keys. */
  function logInWith({ access, secret, securitytoken }: Credential, token = securitytoken) {
    const body = { password: emulator().redisPassword };
    return post(emulator(), webCliPath(emulator(), "auth"), body, {
      ...{ at: emulator.now, accessKey: access, secretKey: secret },
      headers: { "X-Security-Token": token },
      signed: ["host", "x-sdk-date", "x-security-token"],
    });
  }

  function assertRefused(received: Received, reason: RegExp): void {
    assert.equal(received.status, 401, received.text);
    assert.match(received.text, reason);
  }

  describe("an ID token", () => {
    it("is exchanged for a token in the header X-Subject-Token, which lists projects", async () => {
      const received = await exchange();
      assert.equal(received.status, 201);
      assert.match(String(received.headers["x-request-id"]), /^[0-9a-f]{32}$/);
      const token = String(received.headers["x-subject-token"]);
      assert.equal((await listWith(token)).status, 200);
      assert.ok(!received.text.includes(token));
    });

    it("is refused when it is wrong or has expired", async () => {
      assertRefused(await exchange("wrong"), /IAM\.0001/);
      emulator.now += 366 * 24 * hour;
      assertRefused(await exchange(), /IAM\.0001/);
    });

    it("is refused with 404 for another identity provider, and with 400 when it is missing", async () => {
      const received = await exchange(undefined, "other");
      assert.deepEqual([received.status, field(received, "error_code")], [404, "IAM.0004"]);
      for (const auth of [undefined, {}, { id_token: { id: 1 } }]) {
        const missing = await postJson(ID_TOKENS, { auth }, { "x-idp-id": emulator().idpId });
        assert.deepEqual([missing.status, field(missing, "error_code")], [400, "IAM.0011"]);
      }
    });
  });

  describe("temporary keys of IAM", () => {
    const identity = { methods: ["token"] };

    it("come for the token that an ID token was exchanged for, and open a session", async () => {
      const received = await requestKeys(await tokenOf(), { duration_seconds: 21_600 });
      assert.equal(received.status, 201);
      assert.equal(Date.parse(credentialOf(received).expires_at), emulator.now + 6 * hour);
      assert.equal((await logInWith(credentialOf(received))).status, 200);
    });

    it("come for the account's token, in the body or in X-Auth-Token", async () => {
      const { authToken } = emulator();
      assert.equal((await requestKeys(authToken)).status, 201);
      const headers = { "x-auth-token": authToken };
      assert.equal((await postJson(SECURITY_TOKENS, { auth: { identity } }, headers)).status, 201);
    });

    it("are refused to a token that is wrong, missing, or has expired", async () => {
      assertRefused(await requestKeys("wrong"), /X-Auth-Token is invalid/);
      assertRefused(await postJson(SECURITY_TOKENS, { auth: { identity } }), /requires authentication/);
      const token = await tokenOf();
      emulator.now += 24 * hour;
      assertRefused(await requestKeys(token), /X-Auth-Token is invalid/);
    });

    it("are refused with 400 for a lifetime or method that there is not", async () => {
      const { authToken: id } = emulator();
      for (const duration_seconds of [899, 86_401, "900"]) {
        assert.equal((await requestKeys(id, { duration_seconds })).status, 400);
      }
      const body = { auth: { identity: { methods: ["password"], token: { id } } } };
      assert.equal((await postJson(SECURITY_TOKENS, body)).status, 400);
    });

    it("need their security token, and expire", async () => {
      const credential = credentialOf(await requestKeys(emulator().authToken));
      assertRefused(await logInWith(credential, "wrong"), /verify securityToken fail/);
      emulator.now += hour / 4 - 1;
      assert.equal((await logInWith(credential)).status, 200);
      emulator.now += 1;
      assertRefused(await logInWith(credential), /securityToken expired/);
    });

    it("last as long as the option says", async () => {
      const { authToken } = await emulator.start({ temporaryKeySeconds: 2 });
      const credential = credentialOf(await requestKeys(authToken, { duration_seconds: 3600 }));
      emulator.now += 2000;
      assertRefused(await logInWith(credential), /securityToken expired/);
    });
  });

  describe("the keys of an agency", () => {
    const role = { agency_name: "operators", domain_name: "target", duration_seconds: 3600 };
    const bodyOf = (more: object) => ({
      auth: { identity: { methods: ["assume_role"], assume_role: { ...role, ...more } } },
    });
    const assume = (more: object = {}, signing: Signing = {}) =>
      post(emulator(), SECURITY_TOKENS, bodyOf(more), { at: emulator.now, ...signing });

    it("come for signed requests, and open a session", async () => {
      const received = await assume();
      assert.equal(received.status, 201, received.text);
      assert.equal(Date.parse(credentialOf(received).expires_at), emulator.now + hour);
      assert.equal((await logInWith(credentialOf(received))).status, 200);
    });

    it("come for a token in X-Auth-Token, and are refused to wrong keys", async () => {
      const headers = { "x-auth-token": emulator().authToken };
      assert.equal((await postJson(SECURITY_TOKENS, bodyOf({}), headers)).status, 201);
      assertRefused(await assume({}, { secretKey: "wrong" }), /"error_code":"APIGW\.0301"/);
    });

    it("are refused with 400 without an agency or a domain, or for a lifetime that there is not, and with 404 for another domain", async () => {
      for (const wrong of [{ agency_name: "" }, { domain_name: undefined }, { duration_seconds: 86_401 }]) {
        assert.equal((await assume(wrong)).status, 400);
      }
      assert.equal((await assume({ domain_id: "another" })).status, 404);
    });

    it("are refused with 404 for an agency that is not among those that are set", async () => {
      await emulator.start({ agencies: ["auditors"] });
      assert.equal((await assume()).status, 404);
      assert.equal((await assume({ agency_name: "auditors" })).status, 201);
    });

    it("are refused with 403 to another account, which no agency trusts", async () => {
      assert.equal((await assume({}, emulator().makeForeignKeys())).status, 403);
    });
  });

  describe("the metadata service", () => {
    const requestToken = (ttl = "21600") =>
      send(`${emulator().metadataEndpoint}/meta-data/latest/api/token`, {
        method: "PUT",
        headers: { "x-metadata-token-ttl-seconds": ttl },
      });
    const requestKey = (token?: string) =>
      send(`${emulator().metadataEndpoint}/openstack/latest/securitykey`, {
        headers: token === undefined ? {} : { "x-metadata-token": token },
      });

    it("gives keys for a token, and they open a session", async () => {
      const token = await requestToken();
      assert.equal(token.status, 200);
      const credential = credentialOf(await requestKey(token.text));
      assert.match(credential.expires_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.equal((await logInWith(credential)).status, 200);
    });

    it("gives the same keys until 10 minutes before they expire", async () => {
      const first = credentialOf(await requestKey());
      emulator.now += (50 * hour) / 60;
      assert.deepEqual(credentialOf(await requestKey()), first);
      emulator.now += 1;
      const second = credentialOf(await requestKey());
      assert.notEqual(second.access, first.access);
      emulator.now += hour / 6;
      assertRefused(await logInWith(first), /securityToken expired/);
      assert.equal((await logInWith(second)).status, 200);
    });

    it("refuses a token that is made up or has expired", async () => {
      assertRefused(await requestKey("made-up"), /X-Metadata-Token is invalid/);
      const { text } = await requestToken("60");
      assert.equal((await requestKey(text)).status, 200);
      emulator.now += 60_000;
      assertRefused(await requestKey(text), /X-Metadata-Token is invalid/);
    });

    it("refuses a lifetime of a token that is missing, 0 or more than 6 hours", async () => {
      for (const ttl of ["", "0", "21601", "1.5", "x"]) {
        assert.equal((await requestToken(ttl)).status, 400, ttl);
      }
    });

    it("wants a token, knows none, or has no agency, where so set", async () => {
      await emulator.start({ metadataTokens: "required" });
      assertRefused(await requestKey(), /X-Metadata-Token/);
      assert.equal((await requestKey((await requestToken()).text)).status, 200);
      await emulator.start({ metadataTokens: "none" });
      assert.deepEqual([(await requestToken()).status, (await requestKey()).status], [404, 200]);
      await emulator.start({ agency: false });
      assertRefused(await requestKey(), /Please configure Cloud Service Agency first/);
    });

    it("gives new keys and tokens after expireTemporaryKeys", async () => {
      const { text } = await requestToken();
      const old = credentialOf(await requestKey(text));
      emulator().expireTemporaryKeys();
      assertRefused(await requestKey(text), /X-Metadata-Token is invalid/);
      assertRefused(await logInWith(old), /securityToken expired/);
      const fresh = credentialOf(await requestKey((await requestToken()).text));
      assert.equal((await logInWith(fresh)).status, 200);
    });
  });
});
