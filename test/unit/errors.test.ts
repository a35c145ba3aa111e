import assert from "node:assert/strict";
import { casError, loginError } from "../../provider/api/cas/errors";
import { dcsError } from "../../provider/api/dcs/errors";
import { RequestError } from "../../provider/api/errors";
import { retryAfter } from "../../provider/api/http/answers";
import type { HttpResponse } from "../../provider/api/http/messages";
import { redactorOf } from "../../provider/api/http/redaction";
import { SessionError } from "../../provider/lifecycle/sessionError";

const response = (status: number, request = "POST /x", body = ""): HttpResponse => ({
  ...{ request, status, body },
  headers: {},
  setCookies: [],
});

describe("An error for the terminal", () => {
  const failed = new RequestError({
    reason: "POST /x answered 403",
    advice: "Ask for access.",
    retry: "never",
  });

  it("says what failed, what the server answered, and what to do", () => {
    const error = SessionError.from("Could not log out", failed);
    assert.equal(error.message, "Could not log out: POST /x answered 403. Ask for access.");
  });

  it("is not there twice: the dynamic-provider host prints where to read on in place of text and stack", () => {
    const error = SessionError.from("Could not log out", failed);
    assert.match(`${error}: ${error.stack}`, /^What to do about such an error: https:\S+docs\/errors\.md$/);
  });

  it("may give other advice than the answer's own", () => {
    const { message } = SessionError.from("Could not log in", failed, "Wait.");
    assert.equal(message, "Could not log in: POST /x answered 403. Wait.");
  });

  it("stays what it is when it is passed on", () => {
    const error = new SessionError("a", "b", "C.");
    assert.equal(SessionError.from("again", error), error);
  });

  it("takes over the message of any other error", () => {
    assert.equal(SessionError.from("a", new TypeError("b")).message, "a: b.");
    assert.equal(SessionError.from("a", "b").message, "a: b.");
  });
});

describe("The meaning of a DCS answer", () => {
  const failure = (status: number, body: object) =>
    dcsError({ ...response(status, "POST /x", JSON.stringify(body)), ...redactorOf([]) }).failure;

  it("tells at 403 which project the request was for, and why", () => {
    const { advice } = dcsError(
      { ...response(403), ...redactorOf([]) },
      "p1, set by `HW_PROJECT_ID`",
    ).failure;
    assert.match(advice, /`dcs:instance:webcli`\. Check the project: p1, set by `HW_PROJECT_ID`\.$/);
  });

  const meanings: [number, string, string, RegExp][] = [
    [408, "", "always", /before it had read the request/],
    [400, "111400026", "always", /was not ready.*once it is Running/],
    [400, "DCS.4026", "always", /was not ready/],
    [400, "DCS.4049", "always", /was not running/],
    [400, "111400104", "always", /was recovering/],
    [400, "111400111", "always", /was restarting/],
    [400, "111400113", "always", /was being extended/],
    [400, "111400114", "always", /was being configured/],
    [400, "111400115", "always", /was changing its password/],
    [400, "111400116", "always", /was being upgraded/],
    [400, "111400117", "always", /was rolling back/],
    [400, "111400118", "always", /was being created/],
    [400, "111400080", "never", /The instance refused the password/],
    [400, "DCS.4080", "never", /The instance refused the password/],
    [400, "111400850", "never", /Leave `password` out/],
    [400, "111400002", "never", /Check `projectId`/],
    [400, "DCS.4002", "never", /Check `projectId`/],
    [400, "111400061", "never", /Check `instanceId`/],
    [400, "DCS.4061", "never", /Check `instanceId`/],
    [400, "nonsense", "never", /rejected a value.*`password`/],
    [401, "111401002", "never", /Check the credentials.*HW_ACCESS_KEY/],
    [403, "111403003", "never", /dcs:instance:webcli/],
    [404, "APIGW.0101", "never", /no DCS API/],
    [404, "111404001", "never", /no DCS API/],
    [413, "", "never", /too large/],
    [429, "APIGW.0308", "always", /later/],
    [500, "111500000", "idempotent", /later/],
    [500, "111400026", "idempotent", /later/],
    [503, "", "idempotent", /later/],
    [302, "", "never", /Check the endpoint/],
  ];
  for (const [status, error_code, retry, advice] of meanings) {
    it(`${status} ${error_code}: retry ${retry}`, () => {
      const found = failure(status, { error_code });
      assert.equal(found.retry, retry);
      assert.match(found.advice, advice);
      assert.equal(found.meaning, undefined);
    });
  }

  for (const error_code of ["111400062", "111400063", "DCS.4062", "DCS.4063"]) {
    it(`400 ${error_code}: invalid parameter`, () => {
      assert.equal(failure(400, { error_code }).meaning, "invalid parameter");
    });
  }

  for (const error_code of ["111404022", "DCS.3022"]) {
    it(`404 ${error_code}: the instance no longer exists, and only with 404`, () => {
      assert.equal(failure(404, { error_code }).meaning, "instance gone");
      assert.equal(failure(400, { error_code }).meaning, undefined);
      assert.equal(failure(403, { error_code }).meaning, undefined);
    });
  }

  const reason = (body: object, status = 400) => failure(status, body).reason;

  it("is reported with the code, the message, and the request ID of the server", () => {
    const request_id = "37c3199f7e6f421404d40dd82cb56b80";
    const body = { error_code: "DCS.4004", error_msg: "Empty request body.", request_id };
    assert.equal(
      reason(body),
      `POST /x answered 400 DCS.4004 "Empty request body" (request ID ${request_id})`,
    );
  });

  it("is reported without the server's message where the code is known, or for a 401", () => {
    const error_msg = "anything";
    assert.equal(reason({ error_code: "111400026", error_msg }), "POST /x answered 400 111400026");
    assert.equal(reason({ error_code: "APIGW.0301", error_msg }, 401), "POST /x answered 401 APIGW.0301");
  });

  it("is reported without a code or a request ID that does not look like one", () => {
    const odd = { error_code: "a b", error_msg: 7, request_id: "x".repeat(65) };
    assert.equal(reason(odd), "POST /x answered 400");
    assert.equal(reason({ error_code: "(DCS.1", request_id: "r<1>" }), "POST /x answered 400");
  });
});

describe("The meaning of a CAS answer", () => {
  const attempt = { casUrl: "https://manager:20009/cas", password: "s3cr3t", mayBeOpen: false };
  const cases: [number, string, string, RegExp][] = [
    [408, "POST /cas/login", "always", /later/],
    [429, "POST /cas/login", "always", /later/],
    [500, "POST /cas/login", "idempotent", /later/],
    [500, "GET /cas/login", "always", /later/],
    [503, "POST /cas/logout", "idempotent", /later/],
    [403, "GET /cas/login", "never", /`service` is registered/],
    [404, "POST /cas/logout", "never", /Check `casUrl`/],
  ];
  for (const [status, request, retry, advice] of cases) {
    it(`${status} to ${request}: retry ${retry}`, () => {
      for (const { failure } of [
        casError(response(status, request)),
        ...(status === 403 ? [] : [loginError(response(status, request), attempt)]),
      ]) {
        assert.equal(failure.retry, retry);
        assert.match(failure.advice, advice);
        assert.equal(failure.reason, `${request} answered ${status}`);
      }
    });
  }

  for (const status of [200, 401]) {
    it(`${status} and the login form in place of a cookie: rejected, and never sent again`, () => {
      const form = '<form><input type="hidden" name="lt"><input type="password"></form>';
      const { failure } = loginError(response(status, "POST /cas/login", form), attempt);
      assert.deepEqual([failure.retry, failure.meaning], ["never", "login rejected"]);
      assert.match(failure.advice, /`username` and `password`/);
    });
  }
});

describe("Retry-After", () => {
  const wait = (value?: string) => retryAfter({ ...response(429), headers: { "retry-after": value } });

  it("is read as seconds or as a date", () => {
    assert.equal(wait("12"), 12_000);
    const inTen = wait(new Date(Date.now() + 10_000).toUTCString()) ?? 0;
    assert.ok(inTen > 8_000 && inTen <= 10_000, String(inTen));
    assert.equal(wait(new Date(Date.now() - 10_000).toUTCString()), 0);
    const headers = { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", date: "Sun, 06 Nov 1994 08:49:30 GMT" };
    assert.equal(retryAfter({ headers }), 7_000);
  });

  it("asks for nothing where it is absent or can't be read", () => {
    assert.equal(wait(), undefined);
    assert.equal(wait("soon"), undefined);
    assert.equal(wait("5 minutes"), undefined);
    assert.equal(wait("1.5"), undefined);
  });
});
