import assert from "node:assert/strict";
import { RequestFailed, redact, SessionError } from "../../provider/api/errors";
import { retryAfterMs } from "../../provider/api/http";

describe("An error for the terminal", () => {
  const failed = new RequestFailed({
    said: "POST /x answered 403",
    advice: "Ask for leave.",
    again: "never",
  });

  it("says what failed, what the server answered and what to do, and has no stack", () => {
    const error = SessionError.from("Could not log out", failed);
    assert.equal(error.message, "Could not log out: POST /x answered 403. Ask for leave.");
    assert.equal(error.stack, "");
    assert.equal(String(error), `Error: ${error.message}`);
  });

  it("may have other advice than the answer's", () => {
    const { message } = SessionError.from("Could not log in", failed, "Wait.");
    assert.equal(message, "Could not log in: POST /x answered 403. Wait.");
  });

  it("stays what it is when it passes through again", () => {
    const error = new SessionError("a", "b", "C.");
    assert.equal(SessionError.from("again", error), error);
  });

  it("takes any other error's message", () => {
    assert.equal(SessionError.from("a", new TypeError("b")).message, "a: b. ");
    assert.equal(SessionError.from("a", "b").message, "a: b. ");
  });
});

describe("A secret", () => {
  it("is taken out in each spelling, and an empty one changes nothing", () => {
    const secret = 'p"w &ö';
    const spellings = [secret, JSON.stringify(secret), encodeURIComponent(secret), encodeURI(secret)];
    assert.equal(
      redact(spellings.join(" "), [undefined, "", secret]),
      '[secret] "[secret]" [secret] [secret]',
    );
  });
});

describe("Retry-After", () => {
  const wait = (value?: string) =>
    retryAfterMs({ request: "", status: 429, headers: { "retry-after": value }, setCookies: [], body: "" });

  it("is read as seconds or as a date", () => {
    assert.equal(wait("12"), 12_000);
    const inTen = wait(new Date(Date.now() + 10_000).toUTCString()) ?? 0;
    assert.ok(inTen > 8_000 && inTen <= 10_000, String(inTen));
    assert.equal(wait(new Date(Date.now() - 10_000).toUTCString()), 0);
  });

  it("asks for nothing where it is absent or can't be read", () => {
    assert.equal(wait(), undefined);
    assert.equal(wait("soon"), undefined);
    assert.equal(wait("5 minutes"), undefined);
  });
});
