import assert from "node:assert/strict";
import { casFailure, loginFailure } from "../../provider/api/casErrors";
import { dcsFailure } from "../../provider/api/dcsErrors";
import type { Answer } from "../../provider/api/http";

const answer = (status: number, request = "POST /x", body = ""): Answer => ({
  ...{ request, status, body },
  headers: {},
  setCookies: [],
});

describe("What a DCS answer means", () => {
  const failure = (status: number, error_code: string) =>
    dcsFailure(answer(status), { error_code }, undefined, []).failure;

  const meanings: [number, string, string, RegExp][] = [
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
    [400, "111400080", "never", /instance's password/],
    [400, "DCS.4080", "never", /instance's password/],
    [400, "111400850", "never", /Leave `password` out/],
    [400, "111400002", "never", /Check projectId/],
    [400, "DCS.4002", "never", /Check projectId/],
    [400, "111400061", "never", /Check instanceId/],
    [400, "DCS.4061", "never", /Check instanceId/],
    [400, "nonsense", "never", /Check endpoint and region/],
    [401, "111401002", "never", /Check the keys.*clock/],
    [403, "111403003", "never", /dcs:instance:webcli/],
    [404, "APIGW.0101", "never", /no DCS API/],
    [404, "111404001", "never", /no DCS API/],
    [429, "APIGW.0308", "always", /later/],
    [500, "111500000", "idempotent", /later/],
    [500, "111400026", "idempotent", /later/],
    [503, "", "idempotent", /later/],
    [302, "", "never", /Check endpoint and region/],
  ];
  for (const [status, code, again, advice] of meanings) {
    it(`${status} ${code}: ${again}`, () => {
      const found = failure(status, code);
      assert.equal(found.again, again);
      assert.match(found.advice, advice);
      assert.equal(found.meaning, undefined);
    });
  }

  for (const code of ["111400062", "111400063", "DCS.4062", "DCS.4063"]) {
    it(`400 ${code}: invalid parameter`, () => assert.equal(failure(400, code).meaning, "invalid parameter"));
  }

  for (const code of ["111404022", "DCS.3022"]) {
    it(`404 ${code}: the instance is gone, and only in a 404`, () => {
      assert.equal(failure(404, code).meaning, "instance gone");
      assert.equal(failure(400, code).meaning, undefined);
      assert.equal(failure(403, code).meaning, undefined);
    });
  }

  it("is told with code, message and request id, where they are such", () => {
    const said = (body: object) => dcsFailure(answer(400), body, undefined, []).failure.said;
    const full = { error_code: "DCS.1", error_msg: "No  way ,\n canonicalRequest:secret", request_id: "r-1" };
    assert.equal(said(full), 'POST /x answered 400 DCS.1 "No way" (request id r-1)');
    const odd = { error_code: "a b", error_msg: 7, request_id: "x".repeat(65) };
    assert.equal(said(odd), "POST /x answered 400");
    assert.equal(said({ error_code: "(DCS.1", request_id: "r<1>" }), "POST /x answered 400");
  });
});

describe("What a CAS answer means", () => {
  const cases: [number, string, string, RegExp][] = [
    [429, "POST /cas/login", "always", /later/],
    [500, "POST /cas/login", "idempotent", /later/],
    [500, "GET /cas/login", "always", /later/],
    [503, "POST /cas/logout", "idempotent", /later/],
    [403, "GET /cas/login", "never", /`service` is registered/],
    [404, "POST /cas/logout", "never", /Check casUrl/],
  ];
  for (const [status, request, again, advice] of cases) {
    it(`${status} to ${request}: ${again}`, () => {
      for (const { failure } of [
        casFailure(answer(status, request)),
        loginFailure(answer(status, request)),
      ]) {
        assert.equal(failure.again, again);
        assert.match(failure.advice, advice);
        assert.equal(failure.said, `${request} answered ${status}`);
      }
    });
  }

  it("200 and 401 to a log-in: refused, and never sent again", () => {
    for (const status of [200, 401]) {
      const { failure } = loginFailure(answer(status, "POST /cas/login", "<form>"));
      assert.equal(failure.again, "never");
      assert.match(failure.advice, /username and password/);
    }
  });
});
